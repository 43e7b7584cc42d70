"""A manager hides a text that somebody has reported from both sides, and can show it again. Run inside the tenant.

What everybody reads is the row that the text stands in, so a sign put there reaches every page and every later mail.
The words are kept for the manager.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from dispatch.moves import lock_job
from dispatch.working.hidden_texts import put_brief, put_note, put_question, put_reply
from journeys.order.finding.accept_other_times import proposals_of_order
from journeys.order.talking.ask_customer import exchanges_of_order
from journeys.order.talking.brief import masked_brief_of
from kernel.hiding.masking import WITHHELD
from kernel.wording.texts import Texts
from orders.hidden_texts import give_back, hidden_texts_of, keep_hidden, own_words, put_answer
from orders.models import HiddenText, Order
from orders.selectors import order_by_uuid
from orders.states import TextPlace
from tenants.context import platform_context


@dataclass(frozen=True)
class OrderText:
    """One text about an order. ``about`` is the intake question it answers; ``hidden`` says who hid it when."""

    place: TextPlace
    id: str
    words: str
    about: Texts | str = ""
    hidden: HiddenText | None = None


def texts_of_order(order: Order, *, now: datetime) -> list[OrderText]:
    """Return all that the two sides have written to each other before acceptance (5 queries)."""
    found = [
        *(OrderText(TextPlace.ANSWER, str(one.pk), one.value, one.label) for one in own_words(order)),
        *_of_exchanges(order),
        *(OrderText(TextPlace.TIMES, one.offer_id, one.note) for one in proposals_of_order(order, now=now)),
    ]
    hidden = {(one.place, one.text_id): one for one in hidden_texts_of(order)}
    return [
        OrderText(one.place, one.id, kept.words, one.about, kept) if (kept := hidden.get((one.place, one.id))) else one
        for one in found
        if one.words
    ]


@transaction.atomic
def hide_text(*, order_uuid: UUID, place: TextPlace, text_id: str, who: str, now: datetime) -> None:
    """Show a neutral sentence to both sides instead of a text.

    Raises TextIsNotThere where it is hidden already, or gone.
    """
    words = _put(order_uuid, place, text_id, WITHHELD)
    keep_hidden(order_uuid=order_uuid, place=place, text_id=text_id, words=words, who=who, now=now)


@transaction.atomic
def show_text_again(*, order_uuid: UUID, place: TextPlace, text_id: str, who: str, now: datetime) -> None:
    """Show both sides the words of a hidden text again, masked as before.

    Raises TextIsNotThere where it is not hidden.
    """
    job_id = _job_id(order_uuid)
    with platform_context():
        lock_job(job_id)
    words = give_back(order_uuid=order_uuid, place=place, text_id=text_id, who=who, now=now)
    _put(order_uuid, place, text_id, words)


def _put(order_uuid: UUID, place: TextPlace, text_id: str, words: str) -> str:
    """Put words where a text stands and return what stood there; the job is locked before the order, as everywhere."""
    job_id = _job_id(order_uuid)
    if place != TextPlace.ANSWER:
        with platform_context():
            return _PUTTING[place](job_id, text_id, words)
    with platform_context():
        lock_job(job_id)
    before = put_answer(order_uuid=order_uuid, answer_id=text_id, words=words)
    brief = masked_brief_of(order_by_uuid(order_uuid))
    with platform_context():
        put_brief(order_id=order_uuid, brief=brief)
    return before


_PUTTING: dict[TextPlace, Callable[[UUID, str, str], str]] = {
    TextPlace.QUESTION: lambda job, pk, words: put_question(job_id=job, question_id=pk, words=words),
    TextPlace.REPLY: lambda job, pk, words: put_reply(job_id=job, question_id=pk, words=words),
    TextPlace.TIMES: lambda job, pk, words: put_note(job_id=job, offer_id=pk, words=words),
}


def _job_id(order_uuid: UUID) -> UUID:
    return order_by_uuid(order_uuid).placed_job_id


def _of_exchanges(order: Order) -> list[OrderText]:
    found = []
    for one in exchanges_of_order(order):
        found += [
            OrderText(TextPlace.QUESTION, str(one.id), one.words),
            OrderText(TextPlace.REPLY, str(one.id), one.answer),
        ]
    return found
