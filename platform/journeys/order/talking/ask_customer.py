"""An offered friend asks before deciding, the customer answers, and all whom the job was offered to see both (R18)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from crowd.selectors import friend_by_id
from dispatch.errors import NothingAnswered, NothingAsked, OfferNotYours, QuestionClosed
from dispatch.models import JobQuestion
from dispatch.moves import own_offer
from dispatch.offering.questions import (
    answer_question,
    ask_question,
    friends_who_wait,
    must_wait_for_answer,
    questions_of,
)
from dispatch.offering.ready_questions import READY_QUESTIONS
from dispatch.selectors import job_by_id, offer_of
from journeys.order.talking.hide_contact import hide_contact
from journeys.posting import tell_customer, tell_friend
from journeys.topics import ToCustomer, ToFriend
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.services.texts import note_talk
from orders.states import Side
from tenants.context import platform_context, tenant_context
from tenants.selectors import tenant_by_id

PHOTOS = "answers"


@dataclass(frozen=True)
class Exchange:
    """A question and its answer, without saying whose they are. ``ready`` is a ready-made question's key or empty.

    ``words`` and ``answer`` are masked; ``is_own`` says that the friend who looks has asked it.
    """

    id: UUID
    ready: str
    words: str
    asked_at: datetime
    friend_id: UUID
    is_own: bool
    answer: str
    has_photo: bool
    answered_at: datetime | None

    @property
    def ready_words(self) -> str:
        """The ready-made question in the language of the moment."""
        return str(READY_QUESTIONS.get(self.ready, ""))


def exchanges_of(job_id: UUID, *, friend_id: UUID | None = None) -> list[Exchange]:
    """Return the questions about a job and their answers, oldest first (1 query). Run on the platform."""
    return exchanges_in(questions_of(job_id), friend_id=friend_id)


def exchanges_in(questions: Iterable[JobQuestion], *, friend_id: UUID | None = None) -> list[Exchange]:
    """Return questions with their answers, in their order."""
    return [_exchange(question, friend_id) for question in questions]


def exchanges_of_order(order: Order) -> list[Exchange]:
    """Return the questions about an order and their answers, oldest first (1 query). Run inside the tenant."""
    if order.job_id is None:
        return []
    with platform_context():
        return exchanges_of(order.placed_job_id)


@transaction.atomic
def ask_customer(*, job_id: UUID, friend_id: UUID, ready: str, words: str, now: datetime) -> bool:
    """Ask the customer something, ready-made or in own words; say whether contact data was hidden in them.

    Run on the platform. Raises OfferNotYours, OfferExpired, OfferAlreadyTaken, NothingAsked or TooManyQuestions.
    """
    job = own_offer(job_id, friend_id).job
    tenant, friend = tenant_by_id(job.tenant_id), friend_by_id(friend_id)
    with tenant_context(tenant):
        masked = hide_contact(words, order=order_by_uuid(job.order_id), friend=friend)
    if ready not in READY_QUESTIONS and not masked.says_something:
        raise NothingAsked
    question, is_new = ask_question(
        job_id=job_id,
        friend_id=friend_id,
        template=ready if ready in READY_QUESTIONS else "",
        text=masked.text if masked.says_something else "",
        now=now,
    )
    if is_new:
        with tenant_context(tenant):
            note_talk(order_uuid=job.order_id, kind="question_asked", side=Side.FRIEND, now=now)
        asked = str(question.pk)
        tell_customer(
            ToCustomer.QUESTION_ARRIVED,
            tenant_id=tenant.pk,
            order_uuid=job.order_id,
            now=now,
            once=asked,
            question=asked,
        )
    return masked.has_hidden


@transaction.atomic
def answer_friend(*, order: Order, question_id: UUID, words: str, photo: bytes, now: datetime) -> bool:
    """Answer a friend's question in words, with a photo (already re-encoded) or both; say whether anything was hidden.

    Run inside the tenant. Raises QuestionClosed or NothingAnswered.
    """
    with platform_context():
        must_wait_for_answer(job_id=order.placed_job_id, question_id=question_id)
    masked = hide_contact(words, order=order)
    if not photo and not masked.says_something:
        raise NothingAnswered
    # A name that tells nothing, in the partner's own folder.
    name = f"{PHOTOS}/{uuid4()}.jpg" if photo else ""
    with platform_context():
        question = answer_question(
            job_id=order.placed_job_id, question_id=question_id, answer=masked.text, photo=name, now=now
        )
        job, waiting = job_by_id(question.job_id), friends_who_wait(question.job_id)
    if photo:
        default_storage.save(name, ContentFile(photo))
    note_talk(order_uuid=order.uuid, kind="question_answered", side=Side.CUSTOMER, now=now)
    for friend_id in waiting:
        tell_friend(ToFriend.ANSWER_ARRIVED, job=job, friend_id=friend_id, now=now, once=str(question.pk))
    return masked.has_hidden


def answer_photo_for_friend(*, job_id: UUID, friend_id: UUID, question_id: UUID) -> bytes:
    """Return the JPEG of an answer to a friend whom the job was offered to. Run on the platform.

    Raises OfferNotYours where it was not, or there is no such photo.
    """
    offer = offer_of(job_id, friend_id)
    if offer is None:
        raise OfferNotYours
    try:
        name = _photo_of(job_id, question_id)
    except QuestionClosed as error:
        raise OfferNotYours from error
    with tenant_context(tenant_by_id(offer.job.tenant_id)):
        return _read(name)


def answer_photo_of_order(*, order: Order, question_id: UUID) -> bytes:
    """Return the JPEG of an answer to the customer who gave it, or to a manager. Run inside the tenant.

    Raises QuestionClosed where there is no such photo.
    """
    with platform_context():
        name = _photo_of(order.placed_job_id, question_id)
    return _read(name)


def is_last_open(question_id: UUID) -> bool:
    """Say whether a question waits for its answer and none of its job was asked after it. Run on the platform."""
    waiting = JobQuestion.objects.filter(answered_at=None, job__questions=question_id)
    return question_id == waiting.order_by("-asked_at", "-id").values_list("pk", flat=True).first()


def _exchange(question: JobQuestion, friend_id: UUID | None) -> Exchange:
    return Exchange(
        id=question.pk,
        ready=question.template,
        words=question.text,
        asked_at=question.asked_at,
        friend_id=question.friend_id,
        is_own=question.friend_id == friend_id,
        answer=question.answer,
        has_photo=bool(question.photo),
        answered_at=question.answered_at,
    )


def _photo_of(job_id: UUID, question_id: UUID) -> str:
    question = questions_of(job_id).filter(pk=question_id).exclude(photo="").first()
    if question is None:
        raise QuestionClosed
    return str(question.photo.name)


def _read(name: str) -> bytes:
    with default_storage.open(name, "rb") as file:
        return bytes(file.read())
