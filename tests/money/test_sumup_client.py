"""The client of SumUp against what stands in for it, which checks requests as SumUp's description has them (R19)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django.fixtures import Settings

from kernel.clock import now
from stripe_gateway import sumup as client
from stripe_gateway.errors import ReaderNotReady, RefusedBySumUp, UnableToReachSumUp
from tests.money.sumup import SumUp

AMOUNT = 4_905


def asked(sumup: SumUp, **changes: Any) -> dict[str, Any]:
    """Return what a page is asked for with."""
    return {
        "checkout_reference": str(uuid4()),
        "amount": AMOUNT / 100,
        "currency": "EUR",
        "merchant_code": sumup.merchant,
        "description": "Wi-Fi",
        "hosted_checkout": {"enabled": True},
        "valid_until": (now() + timedelta(hours=1)).isoformat(),
    } | changes


def test_the_same_reference_opens_the_same_page(sumup: SumUp) -> None:
    what = asked(sumup)

    first = client.open_page(what)

    assert client.open_page(what) == first
    page = client.read_page(first)
    assert (page.amount_minor, page.currency, page.reference) == (AMOUNT, "EUR", what["checkout_reference"])
    assert page.is_open


@pytest.mark.parametrize(
    "changes",
    [{"currency": "XXX"}, {"amount": 49.001}, {"amount": -1}, {"return_url": "nowhere"}, {"colour": "blue"}],
    ids=["currency", "fraction of a cent", "nothing to pay", "address", "unknown"],
)
def test_what_the_description_does_not_know_is_refused(sumup: SumUp, changes: dict[str, Any]) -> None:
    with pytest.raises(RefusedBySumUp) as refused:
        client.open_page(asked(sumup, **changes))

    assert next(iter(changes)) in str(refused.value.__cause__)


def test_a_page_that_is_closed_takes_no_card_and_one_that_is_paid_stays_so(sumup: SumUp) -> None:
    closed, paid = client.open_page(asked(sumup)), client.open_page(asked(sumup))
    client.close_page(closed)
    sumup.pay(client.read_page(paid).url)
    client.close_page(paid)

    assert client.read_page(closed).is_expired
    assert client.read_page(paid).is_paid
    assert client.read_page(paid).received_minor == AMOUNT


def test_no_more_goes_back_than_came_and_nothing_twice(sumup: SumUp) -> None:
    session = client.open_page(asked(sumup))
    sumup.pay(client.read_page(session).url)
    transaction = client.read_page(session).intent_id

    for _again in range(2):
        client.give_back(sumup.merchant, transaction, amount_minor=2_000, made_minor=0)
    client.give_back(sumup.merchant, transaction, amount_minor=2_905, made_minor=2_000)
    with pytest.raises(RefusedBySumUp):
        client.give_back(sumup.merchant, transaction, amount_minor=1, made_minor=AMOUNT)

    assert [one["amount"] for one in sumup.every("refund")] == [20.0, 29.05]


def test_a_reader_asks_for_one_card_at_a_time(sumup: SumUp) -> None:
    reader = f"rdr_{uuid4().hex[:8]}"
    what = {
        "total_amount": {"currency": "EUR", "minor_unit": 2, "value": AMOUNT},
        "affiliate": client.affiliate("ours"),
        "description": "Wi-Fi",
    }
    client.start_reader(sumup.merchant, reader, what)

    with pytest.raises(ReaderNotReady):
        client.start_reader(sumup.merchant, reader, what)
    assert client.read_reader(sumup.merchant, "ours", is_over=False).is_open

    sumup.tap(reader)
    page = client.read_reader(sumup.merchant, "ours", is_over=False)
    assert (page.is_paid, page.received_minor, page.currency) == (True, AMOUNT, "EUR")


def test_another_key_is_refused_and_a_server_that_is_away_is_not(sumup: SumUp, settings: Settings) -> None:
    settings.SUMUP_KEY = "another"
    with pytest.raises(RefusedBySumUp):
        client.read_page("any")

    settings.SUMUP_API = "http://127.0.0.1:9"
    with pytest.raises(UnableToReachSumUp):
        client.read_page("any")
