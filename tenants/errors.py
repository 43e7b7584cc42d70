"""What can go wrong with a partner."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class UnableToCreateTenant(DomainError):
    """The slug, schema or domain is taken or not allowed."""

    message = _("This partner cannot be created: the name or the domain is taken or not allowed.")
    code = "tenant_not_created"


class UnableToChangeSettings(DomainError):
    """A setting is not right; ``fields`` says which, and what is wrong with it."""

    message = _("Some settings are not right yet.")
    code, status = "settings_not_right", 422

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__()
        self.fields = dict(fields)


class SettingsChangedMeanwhile(DomainError):
    """Somebody else has changed the settings since the form was opened."""

    message = _("Somebody else has changed these settings since you opened this page. Nothing of yours is saved yet.")
    code = "settings_changed_meanwhile"


class UnableToRequestOperation(DomainError):
    """What was asked for cannot be done so; ``fields`` says what is wrong, by field."""

    message = _("Some details are not right yet.")
    code, status = "operation_not_right", 422

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__()
        self.fields = dict(fields)
