"""What the customer answered, as friends read it: masked for all who are asked, as typed for who has the job."""

from collections.abc import Iterable
from typing import Any

from journeys.order.talking.hide_contact import hide_contact
from orders.models import Answer, Order

# A row of a brief: {"label": texts, "answer": texts or str, "photo": answer id or absent}.
Row = dict[str, Any]


def brief_of(order: Order) -> list[Row]:
    """Return question and answer as the customer typed them. Run inside the tenant."""
    return [_row(answer, answer.value) for answer in _answers(order)]


def masked_brief_of(order: Order) -> list[Row]:
    """Return question and answer with everything hidden that tells who the customer is. Run inside the tenant."""
    return masked(_answers(order), order=order)


def masked(answers: Iterable[Answer], *, order: Order) -> list[Row]:
    """Return answers of an order, in their order, with everything hidden that tells who the customer is."""
    return [_row(answer, _masked(answer, order)) for answer in answers]


def _answers(order: Order) -> list[Answer]:
    return sorted(order.answers.all(), key=lambda answer: (answer.sort_order, answer.pk))


def _masked(answer: Answer, order: Order) -> Any:
    # A choice has the package's own words.
    return hide_contact(answer.value, order=order).text if isinstance(answer.value, str) else answer.value


def _row(answer: Answer, value: Any) -> Row:
    return {"label": answer.label, "answer": value, **({"photo": answer.pk} if answer.photo else {})}
