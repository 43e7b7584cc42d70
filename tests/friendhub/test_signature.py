"""The customer signs on the friend's phone when the job is closed, if they like (R16)."""

from dataclasses import replace

import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from journeys.links import order_token
from journeys.money.incoming.record import record_of
from journeys.money.incoming.record_paper import draw_record
from orders.models import Order, Signature
from orders.signatures import LONGEST_DRAWING
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.billing.papers import text_of as text_of_pdf
from tests.cast import Cast, book
from tests.overflow import bring_on_site
from tests.pages import assert_valid_html, press, text_of

DRAWN = "M10 20L30 40L600 200M5 5L5 5"
DONE = {"summary": "Moved the router", "minutes": "30", "why_now": "They wanted it at once"}


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order whose friend is on site."""
    placed = book(nord)
    bring_on_site(placed, four_near["Ben"])
    return placed


def close(client: Client, order: Order, **typed: str) -> str:
    """Close the job on its page and return what the next page says."""
    page = client.get(f"/en/jobs/{order.placed_job_id}/report/")
    assert_valid_html(page)
    answer = press(client, page, "Close the job", DONE | typed)
    assert_valid_html(answer)
    return text_of(answer)


def signature_of(nord: Tenant, order: Order) -> Signature | None:
    with tenant_context(nord):
        return Signature.objects.filter(order__uuid=order.uuid).first()


def test_a_drawing_is_kept_and_shown_to_customer_and_manager(
    nord: Tenant, order: Order, friend_client: Client, visitor: Client, manager_client: Client
) -> None:
    close(friend_client, order, signer="Ada Lovelace", drawing=DRAWN)

    kept = signature_of(nord, order)
    assert kept is not None
    assert (kept.name, kept.drawing) == ("Ada Lovelace", DRAWN)
    with tenant_context(nord):
        page = visitor.get(f"/en/orders/{order_token(order.uuid)}/")
    assert_valid_html(page)
    assert "Signed by Ada Lovelace" in text_of(page)
    assert f'<path d="{DRAWN}"/>' in page.text
    desk = manager_client.get(f"/admin/orders/inspect/{order.pk}/")
    assert "Signed by Ada Lovelace" in text_of(desk)


def test_without_a_drawing_name_and_tick_are_enough(
    nord: Tenant, order: Order, friend_client: Client, visitor: Client
) -> None:
    close(friend_client, order, signer="Ada Lovelace", is_ticked="on")

    kept = signature_of(nord, order)
    assert kept is not None
    assert kept.drawing == ""
    with tenant_context(nord):
        page = visitor.get(f"/en/orders/{order_token(order.uuid)}/")
    assert "Confirmed on site by Ada Lovelace" in text_of(page)


def test_nobody_has_to_sign(nord: Tenant, order: Order, friend_client: Client) -> None:
    close(friend_client, order)

    assert signature_of(nord, order) is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"signer": "Ada"}, "let the customer sign or tick the box"),
        ({"is_ticked": "on"}, "enter the name of whoever signs"),
        ({"drawing": DRAWN}, "enter the name of whoever signs"),
        ({"signer": "Ada", "drawing": "M1 1"}, "can't be read"),
        ({"signer": "Ada", "drawing": "M1 1L601 1"}, "can't be read"),
        ({"signer": "Ada", "drawing": 'M1 1L2 2"/><script>'}, "can't be read"),
        ({"signer": "Ada", "drawing": "M1 1" + "L1 1" * (LONGEST_DRAWING // 4)}, "can't be read"),
        ({"signer": "A" * 121, "drawing": DRAWN}, "at most 120 characters"),
    ],
)
def test_what_is_no_signature_is_said_beside_its_field_and_the_rest_stays(
    nord: Tenant, order: Order, friend_client: Client, typed: dict[str, str], words: str
) -> None:
    said = close(friend_client, order, **typed)

    assert words in said
    assert "Moved the router" in said
    assert signature_of(nord, order) is None


def test_a_right_drawing_is_still_there_when_something_else_is_wrong(order: Order, friend_client: Client) -> None:
    page = friend_client.get(f"/en/jobs/{order.placed_job_id}/report/")

    again = press(friend_client, page, "Close the job", DONE | {"summary": "", "signer": "Ada", "drawing": DRAWN})

    assert f'<path d="{DRAWN}"/>' in again.text
    assert f'value="{DRAWN}"' in again.text


@pytest.mark.parametrize("row", [{"name": ""}, {"drawing": "M1 1 <script>"}, {"drawing": "M1 1"}])
def test_the_database_refuses_what_is_no_signature(nord: Tenant, order: Order, row: dict[str, str]) -> None:
    with tenant_context(nord), pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(order=order, **{"name": "Ada", "drawing": "", "signed_at": order.created_at} | row)


def test_it_speaks_in_the_record_that_answers_a_dispute(nord: Tenant, order: Order, friend_client: Client) -> None:
    close(friend_client, order, signer="Ada Lovelace", drawing=DRAWN)

    with tenant_context(nord):
        record = record_of(order.uuid)
        drawn = text_of_pdf(draw_record(record, identifier=order.uuid.bytes))

    assert "Signed on site by Ada Lovelace" in record.as_evidence()["uncategorized_text"]
    assert (record.is_signed, record.drawing) == (True, DRAWN)
    assert "Signature of the customer" in drawn


def test_the_record_draws_lines_and_fills_nothing(nord: Tenant, order: Order) -> None:
    with tenant_context(nord):
        record = record_of(order.uuid)
        line, hook = (
            draw_record(replace(record, drawing=drawing), identifier=b"one")
            for drawing in ("M10 10L590 10", "M10 10L590 10L590 190")
        )

    # Filled, the hook would be a triangle of some 7,000 points; the upright line has some 140.
    assert 0 < dark_points(hook) - dark_points(line) < 700


def dark_points(pdf: bytes) -> int:
    """Count the dark points of a PDF's first page, at 72 to an inch."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("L")
    return sum(page.histogram()[:128])
