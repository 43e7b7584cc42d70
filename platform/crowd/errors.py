"""What can go wrong with friends."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import pgettext, pgettext_lazy

from kernel.errors import DomainError, FieldsNotRight


class TooManyOpenJobs(DomainError):
    """The friend has as many open jobs as they allow."""

    message = pgettext_lazy("friend", "You have as many open jobs as you allow yourself. Finish one first.")
    code = "too_many_open_jobs"


class UnderAge(DomainError):
    """Friends are of full age (R9)."""

    message = pgettext_lazy("friend", "You must be at least 18 years old.")
    code, status = "under_age", 422


class UnableToCertify(FieldsNotRight):
    """A certificate cannot be given or taken so; ``fields`` says what is wrong, by field."""

    code = "certificate_not_right"


class UnableToKeepTest(FieldsNotRight):
    """An online test or one of its questions cannot be kept so; ``fields`` says what is wrong, by field."""

    code = "online_test_not_right"


class NotReadyToPublish(DomainError):
    """An online test is not complete; ``faults`` says in words what is missing."""

    code, status = "online_test_not_ready", 422

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = list(faults)


class MayNotStartYet(DomainError):
    """A failed test can be tried again after a while, from ``since`` on."""

    code = "retry_too_early"

    def __init__(self, since: datetime) -> None:
        super().__init__(pgettext("friend", "You can try this test again once the waiting time is over."))
        self.since = since


class NothingToProve(DomainError):
    """The friend has what passing the test would give."""

    message = pgettext_lazy("friend", "You have passed this test already.")
    code = "test_passed_already"
