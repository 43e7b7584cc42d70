"""A friend asks a person to look at a decision, and gets an answer with reasons within 14 days. Run on the platform."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dispatch.fairness import explanations
from dispatch.models import DecisionReview
from journeys.posting import tell
from journeys.topics import ToFriend, ToOperators


@transaction.atomic
def ask_for_review(*, considered_id: int, friend_id: UUID, words: str, now: datetime) -> DecisionReview:
    """Ask for a review of one of the friend's own decisions; the operators are told.

    Raises ``Considered.DoesNotExist`` or UnableToReview.
    """
    considered = explanations.decision_about(considered_id, friend_id=friend_id)
    review = explanations.ask_for_review(considered=considered, words=words, now=now)
    _tell(ToOperators.REVIEW_ASKED, review, now)
    return review


@transaction.atomic
def answer_review(*, review_id: UUID, was_right: bool, answer: str, who: str, now: datetime) -> DecisionReview:
    """Answer with reasons; the friend is told.

    Raises ReviewAnswered.
    """
    review = explanations.answer_review(review_id=review_id, was_right=was_right, answer=answer, who=who, now=now)
    _tell(ToFriend.REVIEW_ANSWERED, review, now)
    return review


@transaction.atomic
def remind_of_reviews(*, now: datetime) -> int:
    """Remind the operators, once, of reviews whose 14 days are over soon; return of how many."""
    urgent = explanations.claim_urgent_reviews(now=now)
    for review in urgent:
        _tell(ToOperators.REVIEW_URGENT, review, now)
    return len(urgent)


def _tell(topic: ToFriend | ToOperators, review: DecisionReview, now: datetime) -> None:
    tell(topic, review.pk, now=now, review=str(review.pk))
