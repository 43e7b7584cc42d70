"""What can go wrong with a partner."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class UnableToCreateTenant(DomainError):
    """The slug, schema or domain is taken or not allowed; ``fields`` says what about which field."""

    message = _("This partner cannot be created: the name or the domain is taken or not allowed.")
    code, status = "tenant_not_created", 422

    def __init__(self, fields: Mapping[str, str | Promise] | None = None) -> None:
        self.fields = dict(fields or {})
        super().__init__(" ".join(str(text) for text in self.fields.values()) or None)


class TemplateOutOfDate(DomainError):
    """The template of new tenants was recorded with other migrations than the code has, or could not be recorded."""

    message = _("The template of new partners is not up to date. Please run “manage.py migrate” first.")
    code = "template_out_of_date"


class ForeignRow(Exception):
    """A fault of ours: a row that was read in one schema is used in another."""


class WrongSchema(Exception):
    """A fault of ours: a task was sent without a schema, with one that does not exist, or to the wrong kind of it."""
