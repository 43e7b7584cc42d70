"""What can go wrong between a job and a friend."""

from django.utils.translation import pgettext_lazy

from kernel.errors import DomainError


class OfferNotYours(DomainError):
    """The friend was never offered this job."""

    message = pgettext_lazy("friend", "This job was not offered to you.")
    code, status = "offer_not_yours", 404


class OfferAlreadyTaken(DomainError):
    """Another friend was faster."""

    message = pgettext_lazy("friend", "Another friend was faster. This job is taken.")
    code = "offer_taken"


class OfferExpired(DomainError):
    """The wave is over, or the job was withdrawn."""

    message = pgettext_lazy("friend", "This offer is no longer open.")
    code, status = "offer_expired", 410


class IllegalJobMove(DomainError):
    """The job's state does not allow this step."""

    message = pgettext_lazy("friend", "This step is not possible in the present state of the job.")
    code = "illegal_job_move"
