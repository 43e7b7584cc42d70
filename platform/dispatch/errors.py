"""What can go wrong between a job and a friend."""

from django.utils.translation import gettext_lazy, pgettext_lazy

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


class OfferWithdrawn(OfferExpired):
    """The job was cancelled, or was taken back, before the friend answered."""

    message = pgettext_lazy("friend", "The job was withdrawn before you answered. That costs you nothing.")
    code = "offer_withdrawn"


class JobMovedOn(DomainError):
    """What a manager wanted to end has ended already."""

    message = gettext_lazy("The order has moved on meanwhile; nothing was changed. Please look at it once more.")
    code = "job_moved_on"


class NotYetUnreachable(DomainError):
    """Too little was tried so far; the message says what is missing."""

    message = pgettext_lazy("friend", "You have not tried often enough yet.")
    code, status = "not_yet_unreachable", 422


class IllegalJobMove(DomainError):
    """The job's state does not allow this step."""

    message = pgettext_lazy("friend", "This step is not possible in the present state of the job.")
    code = "illegal_job_move"


class UnknownRule(LookupError):
    """A kept decision names a version of the rule that this code does not know."""


class UnableToReview(DomainError):
    """A review needs words, and one decision is reviewed once."""

    message = pgettext_lazy("friend", "You have asked for a review of this decision already.")
    code = "review_asked_already"


class ReviewAnswered(DomainError):
    """A review has one answer."""

    message = gettext_lazy("This review has been answered already.")
    code = "review_answered"
