"""Which columns of a skill exist in every language."""

from modeltranslation.translator import TranslationOptions, register

from skills.models import Skill


@register(Skill)
class SkillTranslation(TranslationOptions):
    """The name."""

    fields = ("name",)
