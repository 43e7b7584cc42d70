"""A manager hides a text from both sides, or shows it again: what stood there, and the log of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from catalog.kinds import QuestionKind
from kernel.hiding.masking import WITHHELD
from orders.errors import TextIsNotThere
from orders.models import Answer, HiddenText, Order
from orders.moves import locked_order, touch_order
from orders.states import Side, TextPlace


def hidden_texts_of(order: Order) -> QuerySet[HiddenText]:
    """Return what is hidden of an order at the moment (1 query)."""
    return HiddenText.objects.filter(order=order, shown_at=None).order_by("hidden_at", "id")


@transaction.atomic
def keep_hidden(*, order_uuid: UUID, place: TextPlace, text_id: str, words: str, who: str, now: datetime) -> HiddenText:
    """Keep the words of a text that is hidden from now on, and log it.

    Raises TextIsNotThere where nothing stands there, or it is hidden already.
    """
    order = locked_order(order_uuid)
    if not words or words == WITHHELD:
        raise TextIsNotThere
    hidden = HiddenText.objects.create(
        order=order, place=place, text_id=text_id, words=words, hidden_at=now, hidden_by=who
    )
    touch_order(order, "text_hidden", side=Side.MANAGER, who=who, now=now, place=place)
    return hidden


@transaction.atomic
def give_back(*, order_uuid: UUID, place: TextPlace, text_id: str, who: str, now: datetime) -> str:
    """Return the words of a hidden text that is shown again from now on, and log it.

    Raises TextIsNotThere where it is not hidden.
    """
    order = locked_order(order_uuid)
    hidden = hidden_texts_of(order).filter(place=place, text_id=text_id).first()
    if hidden is None:
        raise TextIsNotThere
    hidden.shown_at, hidden.shown_by = now, who
    hidden.save(update_fields=["shown_at", "shown_by"])
    touch_order(order, "text_shown", side=Side.MANAGER, who=who, now=now, place=place)
    return hidden.words


def own_words(order: Order) -> list[Answer]:
    """Return the intake answers that the customer has written, in their order (1 query)."""
    written = order.answers.filter(kind=QuestionKind.TEXT).exclude(value="")
    return list(written.order_by("sort_order", "id"))


def put_answer(*, order_uuid: UUID, answer_id: str, words: str) -> str:
    """Put words in place of an intake answer and return what stood there.

    Raises TextIsNotThere where there is no such answer in the customer's words.
    """
    order = locked_order(order_uuid)
    found = next((one for one in own_words(order) if str(one.pk) == answer_id), None)
    if found is None:
        raise TextIsNotThere
    before: Any = found.value
    Answer.objects.filter(pk=found.pk).update(value=words)
    return str(before)
