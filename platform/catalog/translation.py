"""Which columns of the catalogue exist in every language."""

from modeltranslation.translator import TranslationOptions, register

from catalog.languages import MainLanguageFirst
from catalog.models import Package, Question


@register(Package)
class PackageTranslation(TranslationOptions):
    """What customers and friends read of a package."""

    fields = ("name", "summary", "included", "not_included")
    fallback_languages = MainLanguageFirst()


@register(Question)
class QuestionTranslation(TranslationOptions):
    """What customers and friends read of a question."""

    fields = ("label", "help", "options")
    fallback_languages = MainLanguageFirst()
