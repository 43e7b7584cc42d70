"""A friend is paid to an account at Stripe: opened on its page, followed by webhooks, told in the friend's words."""

import urllib.parse

import pytest
from django.test import Client

from journeys.money.payouts.connect import check_account, choose_stripe, sweep_accounts
from kernel.clock import now
from payouts.models import Waiting
from payouts.services import note_waiting
from payouts.states import Reason
from stripe_gateway.client import RETRIES
from stripe_gateway.models import ConnectAccount
from stripe_gateway.selectors import connect_account_of
from tests.cast import PASSWORD, Cast, deliver
from tests.money.accounts import with_stripe
from tests.money.stripe import Stripe
from tests.money.test_card import carry
from tests.pages import assert_valid_html, press, text_of
from tests.payouts.money import earn, with_account

PAYOUTS = "/en/payouts/"


def tell(stripe: Stripe, client: Client, page: str, *parts: str) -> str:
    """Fill in Stripe's page, come back, and return what the friend reads then."""
    back = stripe.answer(page, **dict.fromkeys(parts, "1"))
    return text_of(client.get(urllib.parse.urlsplit(back).path, follow=True))


def test_a_friend_opens_an_account_sees_what_is_missing_and_then_that_it_is_ready(
    friend_client: Client, four_near: Cast, stripe: Stripe
) -> None:
    ben = four_near["Ben"].pk
    earn(ben)
    page = press(friend_client, friend_client.get(PAYOUTS), "Get paid to a Stripe account")
    assert_valid_html(page)
    deliver()

    answer = friend_client.post(f"{PAYOUTS}stripe/", {"password": PASSWORD})

    assert answer["Location"].startswith(f"http://localhost:{stripe.port}/setup/")
    sent = stripe.newest("account")
    assert (sent["country"], sent["email"]) == ("DE", "ben@friends.example")
    said = tell(stripe, friend_client, answer["Location"], "person", "bank", "terms")
    assert "Stripe needs: a photo of your ID card or passport Until then your money stays yours with us." in said
    assert "Your Stripe account isn't ready yet." in said
    assert_valid_html(friend_client.get(PAYOUTS))

    again = friend_client.get(press_link(friend_client, "Continue at Stripe"))["Location"]
    assert stripe.answer(answer["Location"]).endswith("/payouts/stripe/go/")
    said = tell(stripe, friend_client, again, "document")
    assert "Your Stripe account is ready. Your payouts go there." in said
    assert "We'll pay it on Monday" in said
    assert [mail.subject for mail in deliver()] == ["Your Stripe account is ready"]


def press_link(client: Client, words: str) -> str:
    """Return where the link with these words on the friend's page leads."""
    html = client.get(PAYOUTS).content.decode()
    return html[: html.index(words)].rpartition('href="')[2].partition('"')[0]


def test_who_does_not_know_the_password_opens_none(friend_client: Client, stripe: Stripe) -> None:
    before = len(stripe.every("account"))
    answer = friend_client.post(f"{PAYOUTS}stripe/", {"password": "guess"})

    assert answer.status_code == 422
    assert "This is not your current password." in text_of(answer)
    assert not ConnectAccount.objects.exists()
    assert len(stripe.every("account")) == before


def test_an_answer_that_gets_lost_opens_one_account(four_near: Cast, stripe: Stripe) -> None:
    ben, before = four_near["Ben"].pk, len(stripe.every("account"))
    choose_stripe(friend_id=ben, email="ben@friends.example", country="DE", now=now())
    choose_stripe(friend_id=ben, email="ben@friends.example", country="DE", now=now())
    stripe.control("lose-answer", path="/v1/accounts", times=RETRIES + 1)

    assert check_account(friend_id=ben, now=now()) is False
    assert check_account(friend_id=ben, now=now()) is True

    assert len(stripe.every("account")) == before + 1
    assert ConnectAccount.objects.get().account_id == stripe.newest("account")["id"]


def test_webhooks_say_that_it_is_ready_also_before_the_answer_and_twice(four_near: Cast, stripe: Stripe) -> None:
    account = with_stripe(stripe, four_near["Ben"].pk)
    # As if the process had died before it could write down the account's name.
    ConnectAccount.objects.update(account_id=None, is_ready=False, ready_at=None, look_at=None)
    deliver()

    for _twice in range(2):
        assert carry(stripe, stripe.events("account.updated")[-1]) == 204
        sweep_accounts(now=now())

    account.refresh_from_db()
    assert (account.is_ready, account.account_id) == (True, stripe.newest("account")["id"])
    assert len(deliver()) <= 1


def test_what_stripe_wants_later_stops_the_payouts_and_is_said(
    friend_client: Client, four_near: Cast, stripe: Stripe
) -> None:
    ben = four_near["Ben"].pk
    account = with_stripe(stripe, ben)
    earn(ben)
    deliver()

    stripe.control("want", account=account.account_id, more=["individual.id_number", "something.new"])
    assert carry(stripe, stripe.events("account.updated")[-1]) == 204
    assert sweep_accounts(now=now()) == 1

    assert [mail.subject for mail in deliver()] == ["Stripe can't pay you at the moment"]
    said = text_of(friend_client.get(PAYOUTS))
    assert "your tax or personal number some more details, which Stripe's page names" in said
    assert Waiting.objects.get(friend_id=ben).reason == Reason.CONNECT
    with_account(ben)
    assert Waiting.objects.get(friend_id=ben).reason == Reason.NEXT_RUN


def test_an_account_that_is_closed_at_stripe_is_over_and_another_can_be_opened(four_near: Cast, stripe: Stripe) -> None:
    ben = four_near["Ben"].pk
    account = with_stripe(stripe, ben)
    earn(ben)
    stripe.control("close-account", account=account.account_id)

    assert carry(stripe, stripe.events("account.application.deauthorized")[-1]) == 204
    sweep_accounts(now=now())

    assert connect_account_of(ben) is None
    assert Waiting.objects.get(friend_id=ben).reason == Reason.NO_ACCOUNT
    assert with_stripe(stripe, ben).is_ready


def test_a_friend_goes_back_to_the_bank_account(friend_client: Client, four_near: Cast, stripe: Stripe) -> None:
    ben = four_near["Ben"].pk
    with_stripe(stripe, ben)
    with_account(ben)
    assert "Your payouts go to your Stripe account" in text_of(friend_client.get(PAYOUTS))

    said = text_of(press(friend_client, friend_client.get(PAYOUTS), "No longer use Stripe"))

    assert "Your payouts no longer go to Stripe." in said
    assert connect_account_of(ben) is None


def test_without_stripe_nothing_is_offered(friend_client: Client, four_near: Cast) -> None:
    note_waiting([four_near["Ben"].pk], now=now())

    assert "Stripe" not in text_of(friend_client.get(PAYOUTS))
    assert friend_client.get(f"{PAYOUTS}stripe/").status_code == 404


@pytest.mark.parametrize("path", ["stripe/", "stripe/go/", "stripe/back/"])
def test_strangers_are_sent_to_the_sign_in(stripe: Stripe, db: None, path: str) -> None:
    answer = Client(headers={"host": "app.localhost"}).get(f"{PAYOUTS}{path}")

    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]
