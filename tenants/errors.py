"""What can go wrong with a partner."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel.errors import DomainError, FieldsNotRight


class UnableToCreateTenant(FieldsNotRight):
    """The slug, schema or domain is taken or not allowed."""

    code = "tenant_not_created"


class UnableToChangeSettings(FieldsNotRight):
    """A setting is not right; ``fields`` says which, and what is wrong with it."""

    message = _("Some settings need correcting.")
    code, status = "settings_not_right", 422


class SettingsChangedMeanwhile(DomainError):
    """Somebody else has changed the settings since the form was opened."""

    message = _(
        "Somebody else has changed these settings since you opened this page. Your changes have not been saved."
    )
    code = "settings_changed_meanwhile"


class UnableToRequestOperation(FieldsNotRight):
    """What was asked for cannot be done so; ``fields`` says what is wrong, by field."""

    message = _("Some details need correcting.")
    code, status = "operation_not_right", 422


class SchemaBehind(DomainError):
    """The tenant's schema lacks migrations that the code has; ``manage.py migrate`` brings it back."""

    message = _("This site is being updated. Please try again in a few minutes.")
    code, status = "schema_behind", 503


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

    message = _("This sign-in was started in a different browser. Please start again.")
    code, status = "handover_not_begun", 400


class HandoverRefused(DomainError):
    """The code is wrong, used, too old, of another partner, or of another browser's hand-over."""

    message = _("This sign-in link has expired. Please start again.")
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

    message = _("You already have access to this partner. Use it, or end it first.")
    code = "access_already_runs"


class NoRunningAccess(DomainError):
    """The operator has no running access to this partner."""

    message = _("There is no active support access to this partner. Please request it.")
    code, status = "no_running_access", 403


class IllegalTenantMove(DomainError):
    """The partner's state does not allow this."""

    message = _("This is not possible in the partner's current state.")
    code = "illegal_tenant_move"


class OpenJobs(DomainError):
    """Jobs of the partner are still in flight."""

    code = "open_jobs"

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(
            ngettext(
                "%(count)d job of this partner is still open. Finish or cancel it first, or delete the partner "
                "with it.",
                "%(count)d jobs of this partner are still open. Finish or cancel them first, or delete the partner "
                "with them.",
                count,
            )
            % {"count": count}
        )


class UnableToRename(FieldsNotRight):
    """The new name or slug is taken or not allowed; ``fields`` says what about which field."""

    message = _("This partner cannot be renamed: the name is taken or not allowed.")
    code = "tenant_not_renamed"


class UnableToAddDomain(DomainError):
    """The domain is taken or no domain."""

    message = _("This domain cannot be added.")
    code, status = "domain_not_added", 422


class DomainUnknown(DomainError):
    """The partner has no such domain."""

    message = _("This partner has no such domain.")
    code, status = "domain_unknown", 404


class DomainNotProven(DomainError):
    """The domain's TXT record does not hold the token."""

    code, status = "domain_not_proven", 422

    def __init__(self, record: str) -> None:
        super().__init__(
            _(
                "The TXT record %(record)s does not hold the token yet. New records can take some hours to be seen "
                "everywhere."
            )
            % {"record": record}
        )


class DomainNotServed(DomainError):
    """A domain that is not verified cannot be the main one."""

    message = _("This domain has not been verified yet.")
    code = "domain_not_served"


class DomainInUse(DomainError):
    """The main domain, and the partner's host on the platform, stay."""

    message = _("The main domain and the partner's host on the platform cannot be removed.")
    code = "domain_in_use"


class NameServersSilent(DomainError):
    """No name server gave an answer."""

    message = _("The name servers did not answer. Please try again in a few minutes.")
    code, status = "name_servers_silent", 503


class ArchiveMissing(DomainError):
    """There is no such file."""

    message = _("There is no such archive.")
    code, status = "archive_missing", 404


class ArchiveDamaged(DomainError):
    """The file is no archive, or not as it was when it was made."""

    code, status = "archive_damaged", 422

    def __init__(self, where: str) -> None:
        super().__init__(
            _("This archive is damaged or not one of ours (%(where)s). Nothing was restored.") % {"where": where}
        )


class ArchiveTooLarge(DomainError):
    """Unpacked, the archive would be larger than allowed."""

    message = _("Unpacked, this archive would be larger than this installation allows. Nothing was restored.")
    code, status = "archive_too_large", 413


class ArchiveOfAnotherVersion(DomainError):
    """The archive was made with other migrations than the code has."""

    code, status = "archive_of_another_version", 422


class ForeignRow(Exception):
    """A fault of ours: a row that was read in one schema is used in another."""


class WrongSchema(Exception):
    """A fault of ours: a task was sent without a schema, with one that does not exist, or to the wrong kind of it."""
