"""The client of Stripe against what stands in for it: one page and one refund for one key, and nothing forged."""

from typing import Any
from uuid import uuid4

import pytest

from kernel.clock import now
from stripe_gateway import client
from stripe_gateway.errors import ForgedEvent, RefusedByStripe, UnableToReachStripe
from tests.money.stripe import Stripe

AMOUNT = 4900


def asked(**changes: Any) -> dict[str, Any]:
    """Return what a page is asked for with."""
    price = {"currency": "eur", "unit_amount": AMOUNT, "product_data": {"name": "Wi-Fi"}}
    return {
        "mode": "payment",
        "client_reference_id": "ours",
        "line_items": [{"quantity": 1, "price_data": price}],
        "success_url": "http://nord.localhost/",
        "expires_at": int(now().timestamp()) + 3600,
    } | changes


def key() -> str:
    return uuid4().hex


def test_the_same_key_opens_the_same_page(stripe: Stripe) -> None:
    act, what = key(), asked()

    first = client.open_page(what, key=act)

    assert client.open_page(what, key=act) == first
    assert client.open_page(what, key=key()) != first
    with pytest.raises(RefusedByStripe):
        client.open_page(asked(locale="fr"), key=act)


def test_an_answer_that_gets_lost_is_asked_for_again(stripe: Stripe) -> None:
    act, what, before = key(), asked(), len(stripe.every("checkout.session"))
    stripe.control("lose-answer", path="/v1/checkout/sessions", times=client.RETRIES + 1)

    with pytest.raises(UnableToReachStripe):
        client.open_page(what, key=act)
    client.open_page(what, key=act)

    assert len(stripe.every("checkout.session")) == before + 1


def test_a_parameter_that_the_library_does_not_know_is_refused(stripe: Stripe) -> None:
    with pytest.raises(RefusedByStripe) as refused:
        client.open_page(asked(payment_method_types=["card"]), key=key())

    assert "payment_method_types" in str(refused.value.__cause__)


def test_a_closed_page_is_expired_and_a_paid_one_cannot_be_closed(stripe: Stripe) -> None:
    left, paid = (client.open_page(asked(), key=key()) for _ in range(2))
    stripe.pay(client.read_page(paid).url)

    for page in (left, paid):
        client.close_page(page)

    assert client.read_page(left).is_expired
    assert client.read_page(paid).is_paid
    assert client.read_page(paid).received_minor == AMOUNT


def test_no_more_goes_back_than_came_and_the_same_key_sends_it_once(stripe: Stripe) -> None:
    page = client.open_page(asked(), key=key())
    stripe.pay(client.read_page(page).url)
    intent, act = client.read_page(page).intent_id, key()

    first = client.give_back(intent, amount_minor=4000, metadata={}, key=act)

    assert client.give_back(intent, amount_minor=4000, metadata={}, key=act) == first
    with pytest.raises(RefusedByStripe):
        client.give_back(intent, amount_minor=901, metadata={}, key=key())
    client.give_back(intent, amount_minor=900, metadata={}, key=key())


def test_an_event_says_which_payment_it_is_about(stripe: Stripe) -> None:
    page = client.open_page(asked(payment_intent_data={"metadata": {"card_payment": "ours"}}), key=key())
    before = len(stripe.events())
    stripe.pay(client.read_page(page).url)

    events = [stripe.control("signed", event=event) for event in stripe.events()[before:]]

    said = [client.read_event(event["body"].encode(), event["signature"]) for event in events]
    assert {event.reference for event in said} == {"ours"}
    assert "checkout.session.completed" in {event.kind for event in said}


@pytest.mark.parametrize("how", [{"age_s": client.TOLERANCE_S + 1}, {"secret": "whsec_of_somebody_else"}])
def test_a_stale_or_forged_event_is_refused(stripe: Stripe, how: dict[str, Any]) -> None:
    page = client.open_page(asked(), key=key())
    client.close_page(page)
    signed = stripe.control("signed", event=stripe.events()[-1], **how)

    with pytest.raises(ForgedEvent):
        client.read_event(signed["body"].encode(), signed["signature"])
    with pytest.raises(ForgedEvent):
        client.read_event(signed["body"].encode(), "")
