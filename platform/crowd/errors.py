"""What can go wrong with friends."""

from django.utils.translation import pgettext_lazy

from kernel.errors import DomainError


class TooManyOpenJobs(DomainError):
    """The friend has as many open jobs as they allow."""

    message = pgettext_lazy("friend", "You have as many open jobs as you allow yourself. Finish one first.")
    code = "too_many_open_jobs"


class UnderAge(DomainError):
    """Friends are of full age (R9)."""

    message = pgettext_lazy("friend", "You must be at least 18 years old.")
    code, status = "under_age", 422


class ReplyClosed(DomainError):
    """A rating has one reply, which can be changed for a day."""

    message = pgettext_lazy("friend", "You have one reply, and you can change it for 24 hours.")
    code = "reply_closed"
