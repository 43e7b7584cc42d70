"""What can go wrong with a community."""

from django.utils.translation import pgettext_lazy

from kernel.errors import DomainError
from tenants.models import Tenant


class NoCommunity(DomainError):
    """The partner has no community."""

    message = pgettext_lazy("friend", "This brand has no community.")
    code, status = "no_community", 404


class NotAMember(DomainError):
    """The friend is no member of this community."""

    message = pgettext_lazy("friend", "You are not a member of this community.")
    code, status = "not_a_member", 403

    def __init__(self, *, tenant: Tenant) -> None:
        super().__init__()
        self.tenant = tenant
