"""What can go wrong with skills."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import FieldsNotRight


class UnableToKeepSkill(FieldsNotRight):
    """A skill cannot be written so; ``fields`` says what is wrong, by field."""

    message = _("Some details need correcting.")
    code = "skill_not_right"
