"""Who owes too much from cash is offered only cashless jobs until it is set off, and hears of it (R19)."""

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from billing.methods import CASH
from crowd.models import Friend
from dispatch.models import Offer
from dispatch.selectors import IN_CASH
from journeys.money.payouts.cash_limits import keep_cash_limits
from kernel.clock import now
from orders.models import Order
from tenants.models import Tenant
from tests.cast import Cast, book, deliver
from tests.ledger.books import settle_constraints
from tests.money.stories import close, confirm
from tests.overflow import bring_on_site, job_of
from tests.pages import assert_valid_html, text_of
from tests.payouts.money import earn, weekly

BY_INVOICE = {"method": "invoice"}


@pytest.fixture
def ben(four_near: Cast, settings: Settings) -> Friend:
    """Return the friend, who may owe 40 euros."""
    settings.CASH_LIMITS = {"EUR": 40}
    return four_near["Ben"]


@pytest.fixture
def in_cash(nord: Tenant, ben: Friend) -> Order:
    """Return an order of 49 euros that has been paid to Ben in cash and is not confirmed yet."""
    order = book(nord)
    bring_on_site(order, ben)
    close(order, ben, is_paid=True)
    return order


def is_asked(ben: Friend, order: Order) -> bool:
    return Offer.objects.filter(job=job_of(order), friend=ben).exists()


def said(client: Client, path: str) -> str:
    page = client.get(path)
    assert_valid_html(page)
    return text_of(page).replace("\N{NO-BREAK SPACE}", " ")


def only_cashless(ben: Friend) -> list[str]:
    return Friend.objects.get(pk=ben.pk).cashless_in


def test_above_the_limit_only_cashless_jobs_are_offered(nord: Tenant, ben: Friend, in_cash: Order) -> None:
    assert only_cashless(ben) == ["EUR"]

    assert not is_asked(ben, book(nord))
    assert is_asked(ben, book(nord, payment=BY_INVOICE))


def test_up_to_the_limit_every_job_is_offered(nord: Tenant, ben: Friend, settings: Settings) -> None:
    settings.CASH_LIMITS = {"EUR": 49}
    order = book(nord)
    bring_on_site(order, ben)
    close(order, ben, is_paid=True)

    assert only_cashless(ben) == []
    assert is_asked(ben, book(nord))


def test_a_currency_that_is_left_out_has_no_limit(ben: Friend, settings: Settings) -> None:
    settings.CASH_LIMITS = {"CHF": 1}
    earn(ben.pk, in_cash=True)

    keep_cash_limits([ben.pk], now=now())

    assert only_cashless(ben) == []


def test_confirmed_work_frees_the_friend_who_owes_no_more_than_the_limit_by_it(
    nord: Tenant, ben: Friend, in_cash: Order
) -> None:
    confirm(nord, in_cash)

    settle_constraints()
    assert only_cashless(ben) == []
    assert is_asked(ben, book(nord))


def test_setting_off_frees_the_friend(ben: Friend, in_cash: Order) -> None:
    earn(ben.pk, price=2_000)

    weekly()

    assert only_cashless(ben) == []


def test_both_turns_are_told_once(nord: Tenant, ben: Friend, in_cash: Order) -> None:
    keep_cash_limits([ben.pk], now=now())
    deliver()
    confirm(nord, in_cash)
    deliver()

    told = [one.subject for one in mail.outbox if ben.email in one.to and "cash" in one.subject]
    assert told == ["For now we only offer you jobs that are paid without cash", "You can take cash jobs again"]


def test_the_app_names_the_limit_before_and_after(
    friend_client: Client, ben: Friend, in_cash: Order, settings: Settings
) -> None:
    above = said(friend_client, "/en/payouts/")
    assert "You owe more than €40.00 from cash that customers gave you" in above
    assert "You owe more than €40.00 from cash that customers gave you" in said(friend_client, "/en/why/")
    assert "You owe more than €40.00 from cash that customers gave you" in said(friend_client, "/en/")

    settings.CASH_LIMITS = {"EUR": 60}
    keep_cash_limits([ben.pk], now=now())

    near = "You owe more than three quarters of €60.00 from cash that customers gave you. Above €60.00 we only"
    for path in ("/en/payouts/", "/en/why/", "/en/"):
        page = said(friend_client, path)
        assert near in page
        assert "Jobs paid by card or invoice bring it down" in page
        assert "You owe more than €" not in page

    settings.CASH_LIMITS = {"EUR": 66}
    keep_cash_limits([ben.pk], now=now())
    far = said(friend_client, "/en/payouts/")
    assert "Above €66.00 we only offer you jobs that are paid without cash, until payouts have brought it down" in far
    assert near not in far


def test_friends_are_told_before_they_meet_the_limit(nord: Tenant, ben: Friend, settings: Settings) -> None:
    settings.CASH_LIMITS = {"EUR": 60}
    order = book(nord)
    bring_on_site(order, ben)
    close(order, ben, is_paid=True)
    deliver()
    keep_cash_limits([ben.pk], now=now())
    deliver()

    told = [one for one in mail.outbox if ben.email in one.to and "cash" in one.subject]
    assert [one.subject for one in told] == ["You will soon owe too much from cash"]
    assert "Jobs paid by card or invoice bring it down" in told[0].body
    assert is_asked(ben, book(nord))


def test_jobs_and_ways_to_pay_mean_the_same_cash() -> None:
    assert CASH.code == IN_CASH
