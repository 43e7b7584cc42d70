"""What can go wrong between a job and a friend."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

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

    message = gettext_lazy("The order has changed in the meantime; nothing was saved. Please check it again.")
    code = "job_moved_on"


class NotYetUnreachable(DomainError):
    """Too little was tried so far; the message says what is missing."""

    message = pgettext_lazy("friend", "You have not tried often enough yet.")
    code, status = "not_yet_unreachable", 422


class IllegalJobMove(DomainError):
    """The job's state does not allow this step."""

    message = pgettext_lazy("friend", "This step is not possible in the current state of the job.")
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


class TooManyQuestions(DomainError):
    """The friend has as many unanswered questions about a job as anybody may."""

    message = pgettext_lazy("friend", "You have three open questions about this job. Please wait for an answer first.")
    code, status = "too_many_questions", 422


class NothingAsked(DomainError):
    """Nothing is left of a question once contact data is hidden."""

    message = pgettext_lazy("friend", "Please choose a question or ask in your own words. Contact details are hidden.")
    code, status = "nothing_asked", 422


class NothingAnswered(DomainError):
    """Nothing is left of an answer once contact data is hidden, and there is no photo."""

    message = gettext_lazy("Please answer in a few words or with a photo. Contact details are hidden.")
    code, status = "nothing_answered", 422


class QuestionClosed(DomainError):
    """The question is answered, or the job needs no answer any more."""

    message = gettext_lazy("This question no longer needs an answer. Thank you.")
    code = "question_closed"


class AttemptTooSoon(DomainError):
    """An attempt by the same channel is logged already, so another one does not count yet."""

    code, status = "attempt_too_soon", 422

    def __init__(self, *, at: datetime, since: datetime) -> None:
        words = pgettext(
            "friend",
            "Not counted: an attempt by the same channel is already logged at %(at)s. "
            "The next one counts from %(since)s.",
        )
        # The minute that is begun is not named, for it is not over yet.
        whole_minute = since + timedelta(seconds=59)
        super().__init__(words % {"at": f"{localtime(at):%H:%M}", "since": f"{localtime(whole_minute):%H:%M}"})


class UnableToProposeTimes(DomainError):
    """Some of the times cannot be proposed; ``faults`` says why, by their place from 1."""

    message = pgettext_lazy("friend", "These times cannot be proposed.")
    code, status = "unable_to_propose_times", 422

    def __init__(self, faults: Mapping[int, str]) -> None:
        super().__init__()
        self.faults = faults


class TimesNotOpen(DomainError):
    """The proposed time was withdrawn, replaced, has lapsed or has passed."""

    message = gettext_lazy("This time is no longer available. Please choose another one.")
    code, status = "times_not_open", 410


class FriendNotFree(DomainError):
    """The friend whose time was chosen has as many jobs as they allow."""

    message = gettext_lazy("This friend is no longer available. We have withdrawn the proposal; we are sorry.")
    code = "friend_not_free"


class TakenMeanwhile(DomainError):
    """Another friend has accepted while the customer was choosing."""

    message = gettext_lazy("Another friend has just accepted your order at your preferred time.")
    code = "taken_meanwhile"
