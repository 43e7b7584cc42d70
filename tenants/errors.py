"""What can go wrong with a partner."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class UnableToCreateTenant(DomainError):
    """The slug, schema or domain is taken or not allowed."""

    message = _("This partner cannot be created: the name or the domain is taken or not allowed.")
    code = "tenant_not_created"
