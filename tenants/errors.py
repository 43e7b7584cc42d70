"""What can go wrong with a partner."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class FieldsNotRight(DomainError):
    """Some of what was entered is not right; ``fields`` says what is wrong about which."""

    message = _("Some details are not right yet.")
    code, status = "fields_not_right", 422

    def __init__(self, fields: Mapping[str, str | Promise]) -> None:
        super().__init__()
        self.fields = dict(fields)

    def __str__(self) -> str:
        return " ".join(str(text) for text in self.fields.values())


class UnableToCreateTenant(FieldsNotRight):
    """The slug, schema or domain is taken or not allowed."""

    code = "tenant_not_created"


class UnableToChangeSettings(FieldsNotRight):
    """A setting is not right; ``fields`` says which, and what is wrong with it."""

    message = _("Some settings are not right yet.")
    code, status = "settings_not_right", 422


class SettingsChangedMeanwhile(DomainError):
    """Somebody else has changed the settings since the form was opened."""

    message = _("Somebody else has changed these settings since you opened this page. Nothing of yours is saved yet.")
    code = "settings_changed_meanwhile"


class UnableToRequestOperation(FieldsNotRight):
    """What was asked for cannot be done so; ``fields`` says what is wrong, by field."""

    message = _("Some details are not right yet.")
    code, status = "operation_not_right", 422


class TemplateOutOfDate(DomainError):
    """The template of new tenants was recorded with other migrations than the code has, or could not be recorded."""

    message = _("The template of new partners is not up to date. Please run “manage.py migrate” first.")
    code = "template_out_of_date"


class UnknownHost(DomainError):
    """A hand-over asks for a host that is no verified domain of a partner."""

    message = _("This address belongs to no partner of the platform.")
    code, status = "unknown_host", 404


class HandoverNotBegun(DomainError):
    """This browser did not begin a hand-over at this host."""

    message = _("This way in was not begun in this browser. Please start again from the beginning.")
    code, status = "handover_not_begun", 400


class HandoverRefused(DomainError):
    """The code is wrong, used, too old, of another partner, or of another browser's hand-over."""

    message = _("This way in is no longer valid. Please start again from the beginning.")
    code, status = "handover_refused", 403


class ReasonTooShort(DomainError):
    """Support access needs a reason that the partner understands."""

    message = _("Please write a reason of at least 10 characters. The partner reads it.")
    code, status = "reason_too_short", 422


class NoSuchDuration(DomainError):
    """Support access is for 15, 30, 60 or 120 minutes."""

    message = _("Please choose one of the durations, at most two hours.")
    code, status = "no_such_duration", 422


class AccessAlreadyRuns(DomainError):
    """The operator has a running access to this partner."""

    message = _("There is a running access to this partner already. Please use it, or end it first.")
    code = "access_already_runs"


class NoRunningAccess(DomainError):
    """The operator has no running access to this partner."""

    message = _("There is no running support access to this partner. Please ask for one.")
    code, status = "no_running_access", 403
