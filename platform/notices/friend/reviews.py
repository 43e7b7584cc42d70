"""Mails about reviews of decisions: to the friend who asked, and to the operators who answer (R25)."""

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dispatch.fairness.explanations import review_by_id
from dispatch.models import DecisionReview
from journeys.links import review_url, why_url
from journeys.topics import ToFriend, ToOperators
from kernel.wording.dates import Place, write_moment
from kernel.wording.texts import pick
from notices.brands import speaking
from notices.channels import FriendNotice, Told, to_operators
from notifications.kinds import NoticeKind
from notifications.mail import Mail
from outbox.models import Message
from places.countries import country_by_code


def _told_friend(message: Message) -> Told:
    review = _review(message)
    friend = review.friend
    with speaking(friend.language, friend.country), timezone.override(country_by_code(friend.country).time_zone):
        mail = _answered(review, friend.language)
    return Told(friend, mail, None)


def _answered(review: DecisionReview, language: str) -> Mail:
    verdict = (
        pgettext("friend", "We have looked at it: the decision was right.")
        if review.was_right
        else pgettext("friend", "We have looked at it: the decision was wrong. We are sorry.")
    )
    return Mail(
        subject=pgettext("friend", "Our answer to your request for review"),
        short=verdict,
        heading=pgettext("friend", "A person has looked at the decision"),
        paragraphs=[verdict, review.answer],
        button=pgettext("friend", "See your decisions"),
        url=why_url(language),
        facts=[
            (pgettext("friend", "Job"), _job(review, language)),
            (pgettext("friend", "Your question"), review.words),
            (pgettext("friend", "Answered by"), review.answered_by),
        ],
    )


def _asked(message: Message, language: str) -> Mail:
    review = _review(message)
    return Mail(
        subject=_("A friend asks for a review of a decision"),
        heading=_("A friend asks for a review"),
        paragraphs=[_("Please answer with reasons %(by)s.") % {"by": write_moment(review.due_at, place=Place.BY)}],
        button=_("See the review"),
        url=review_url(review.pk, language),
        facts=_facts(review, language),
    )


def _urgent(message: Message, language: str) -> Mail:
    review = _review(message)
    return Mail(
        subject=_("A review is due soon"),
        heading=_("Nobody has answered this review yet"),
        paragraphs=[_("Please answer with reasons %(by)s.") % {"by": write_moment(review.due_at, place=Place.BY)}],
        button=_("See the review"),
        url=review_url(review.pk, language),
        facts=_facts(review, language),
    )


def _review(message: Message) -> DecisionReview:
    return review_by_id(UUID(message.reference["review"]))


def _facts(review: DecisionReview, language: str) -> list[tuple[str, str]]:
    job = f"{_job(review, language)} ({review.considered.wave.job.order_number})"
    return [(_("Friend"), str(review.friend)), (_("Job"), job), (_("Question"), review.words)]


def _job(review: DecisionReview, language: str) -> str:
    """Name a job without its order: the number tells a friend which brand it is."""
    job = review.considered.wave.job
    return f"{pick(job.package_name, language)}, {job.postal_code} {job.town}"


REVIEW_NOTICES: dict[str, Callable[[Message], None]] = {
    ToOperators.REVIEW_ASKED: to_operators(_asked),
    ToOperators.REVIEW_URGENT: to_operators(_urgent),
    ToFriend.REVIEW_ANSWERED: FriendNotice(_told_friend, NoticeKind.ABOUT_YOU),
}
