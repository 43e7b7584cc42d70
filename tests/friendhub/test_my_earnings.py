"""What a friend sees of their money in the app: it is what the books say (R12, R19)."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from crowd.models import Friend
from friendhub.earnings import views
from ledger import chart
from ledger.events import cash_netted, job_done, payout_confirmed, payout_ordered, payout_transferred
from ledger.services import post
from orders.models import Order
from orders.states import ObjectionOutcome
from tenants.models import Tenant
from tests.cast import Cast, book
from tests.ledger.books import occasion
from tests.money.stories import close, confirm, object_and_settle
from tests.overflow import bring_on_site
from tests.pages import assert_valid_html, press, text_of

EARNINGS = "/en/earnings/"


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    return four_near["Ben"]


def finished(nord: Tenant, ben: Friend, method: str) -> Order:
    """Return an order that Ben has done and Ada has confirmed."""
    order = book(nord, payment={"method": method})
    bring_on_site(order, ben)
    close(order, ben, is_paid=method == "cash")
    confirm(nord, order)
    return order


def look(client: Client, path: str = EARNINGS) -> str:
    page = client.get(path)
    assert page.status_code == 200
    assert_valid_html(page)
    return text_of(page).replace("\N{NO-BREAK SPACE}", " ")


def test_from_the_start_page_to_the_earnings_and_on_to_the_job(
    friend_client: Client, nord: Tenant, ben: Friend
) -> None:
    jobs = press(friend_client, friend_client.get("/en/"), "Jobs")
    assert "Nothing earned yet" in text_of(press(friend_client, jobs, "Earnings"))
    order = finished(nord, ben, "invoice")

    page = press(friend_client, jobs, "Earnings")

    text = text_of(page)
    assert "Open €41.65 On its way €0.00 Paid €0.00" in text
    assert "Earned in 2026 €41.65 This month €41.65" in text
    assert re.search(r"Wi-Fi set-up, Berlin Tue\S* 24 November €49\.00 €7\.35 €41\.65", text)
    assert "November €41.65 December €0.00" in text
    assert str(order.placed_job_id) in press(friend_client, page, "Wi-Fi set-up, Berlin").request["PATH_INFO"]


def test_cash_is_shown_with_what_is_owed_of_it(friend_client: Client, nord: Tenant, ben: Friend) -> None:
    finished(nord, ben, "cash")

    text = look(friend_client)

    assert "You have €49.00 from your customers in cash." in text
    assert "You owe €7.35. It goes off your next earnings." in text
    post(cash_netted(occasion(7, currency="EUR"), worker=chart.friend(ben.pk), friend_id=ben.pk, amount=4_165))
    text = look(friend_client)
    assert "Open €0.00 On its way €0.00 Paid €41.65" in text
    assert "You have €7.35 from your customers in cash." in text


def test_a_payout_is_on_its_way_until_the_bank_has_carried_it_out(
    friend_client: Client, nord: Tenant, ben: Friend
) -> None:
    finished(nord, ben, "invoice")
    payout = occasion(8, currency="EUR")
    payout = replace(payout, about=replace(payout.about, payout_id=payout.act))
    post(payout_ordered(payout, worker=chart.friend(ben.pk), amount=4_000))
    assert "Open €1.65 On its way €40.00 Paid €0.00" in look(friend_client)

    post(payout_confirmed(payout, amount=4_000))
    transfer = occasion(9, currency="EUR")
    transfer = replace(transfer, about=replace(transfer.about, payout_id=transfer.act))
    post(payout_ordered(transfer, worker=chart.friend(ben.pk), amount=165))
    post(payout_transferred(transfer, amount=165))

    text = look(friend_client)
    assert "Open €0.00 On its way €0.00 Paid €41.65" in text
    assert "Earned in 2026 €41.65" in text


def test_a_job_that_was_closed_with_a_refund_brings_nothing_and_says_why(
    friend_client: Client, nord: Tenant, ben: Friend
) -> None:
    order = book(nord, payment={"method": "invoice"})
    bring_on_site(order, ben)
    close(order, ben)
    object_and_settle(nord, order, ObjectionOutcome.REFUND)

    assert "Closed with a refund €49.00 €7.35 €0.00" in look(friend_client)


def test_each_year_has_its_own_months_and_jobs(friend_client: Client, nord: Tenant, ben: Friend) -> None:
    order = finished(nord, ben, "invoice")
    before = occasion(5, currency="EUR", on=date(2025, 6, 1))
    before = replace(before, about=replace(before.about, job_id=order.placed_job_id))
    post(job_done(before, tenant_id=nord.pk, worker=chart.friend(ben.pk), price=1_000))

    text = text_of(press(friend_client, friend_client.get(EARNINGS), "2025"))

    assert "Earned in 2025 €10.00" in text
    assert "Jobs in 2025" in text
    assert "€41.65" not in text.partition("Jobs in 2025")[2]
    for path in (EARNINGS, f"{EARNINGS}?year=1999"):
        assert "Jobs in 2026" in look(friend_client, path)


def test_many_jobs_are_leafed_through(
    friend_client: Client, nord: Tenant, ben: Friend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ON_A_PAGE", 1)
    orders = [finished(nord, ben, "invoice") for _order in range(2)]

    first = friend_client.get(EARNINGS)
    second = press(friend_client, first, "Older")

    shown = [{order.uuid for order in orders if str(order.placed_job_id) in page.text} for page in (first, second)]
    assert [len(one) for one in shown] == [1, 1]
    assert shown[0] != shown[1]
    assert text_of(press(friend_client, second, "Newer")) == text_of(first)


def test_others_see_nothing_of_it(friend_client: Client, nord: Tenant, four_near: Cast) -> None:
    finished(nord, four_near["Cem"], "invoice")

    assert "Nothing earned yet" in look(friend_client)


@pytest.mark.parametrize("language", ["de", "fr", "it", "pl"])
def test_the_page_is_there_in_all_languages(friend_client: Client, nord: Tenant, ben: Friend, language: str) -> None:
    finished(nord, ben, "cash")

    assert "41,65" in look(friend_client, f"/{language}/earnings/")
