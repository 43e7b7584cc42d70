"""The year's paper for the tax office says what the books say, by month, in every country (R12, R19)."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from crowd.models import Friend
from journeys.money.payouts.pay_out import confirm_file
from journeys.reads.friend_earnings import purses_of
from journeys.reads.yearly_paper import year_of
from kernel.clock import now
from ledger import chart
from ledger.events import work_taken_back
from ledger.services import post
from tenants.models import Tenant
from tests.billing.papers import text_of as read_pdf
from tests.friendhub.test_my_earnings import finished
from tests.ledger.books import occasion
from tests.pages import press, text_of
from tests.payouts.money import NORD, earn, run_now, with_account

EARNINGS = "/en/earnings/"


def test_each_month_has_its_jobs_earnings_commission_and_what_arrived(ben: Friend) -> None:
    with_account(ben.pk)
    earn(ben.pk, on=date(2026, 9, 3))
    earn(ben.pk, on=date(2026, 9, 4), price=4_900, in_cash=True)
    earn(ben.pk, on=date(2025, 12, 31))
    run = run_now()
    confirm_file(run_id=run.pk, file_number=1, who="Olga", now=now())
    earn(ben.pk, on=date(2026, 11, 24))

    [year] = year_of(ben.pk, 2026)

    september, november = year.months[8], year.months[10]
    assert (september.jobs, september.gross_minor, september.fees_minor, september.net_minor) == (
        2,
        14_800,
        2_960,
        11_840,
    )
    assert (september.paid_minor, september.cash_minor) == (0, 4_900)
    assert (november.jobs, november.net_minor, november.paid_minor) == (1, 7_920, 14_860)
    [purse] = purses_of(ben.pk)
    assert {one.month: one.net_minor for one in year.months if one.net_minor} == {
        month: amount for month, amount in purse.months.items() if month.year == 2026
    }
    assert year.total.net_minor == purse.year_minor(2026)


def test_work_taken_back_is_no_job_and_gives_its_commission_back(ben: Friend) -> None:
    job = earn(ben.pk, on=date(2026, 9, 3))
    undone = occasion(77, currency="EUR", on=date(2026, 9, 9))
    about = type(undone.about)(tenant_id=NORD, order_id=job, job_id=job)
    undone = type(undone)(act=undone.act, currency="EUR", on=undone.on, at=undone.at, about=about)
    post(work_taken_back(undone, tenant_id=NORD, worker=chart.friend(ben.pk), earned=7_920, commission=1_832, vat=148))

    [year] = year_of(ben.pk, 2026)

    september = year.months[8]
    assert (september.jobs, september.gross_minor, september.fees_minor, september.net_minor) == (0, 0, 0, 0)


def test_the_paper_is_one_link_away_from_the_earnings(friend_client: Client, nord: Tenant, ben: Friend) -> None:
    assert "Paper for the tax office" not in text_of(friend_client.get(EARNINGS))
    finished(nord, ben, "invoice")

    paper = press(friend_client, friend_client.get(EARNINGS), "Paper for the tax office 2026 (PDF)")

    assert paper["Content-Type"] == "application/pdf"
    words = read_pdf(paper.content).replace("\N{NO-BREAK SPACE}", " ")
    assert "Your earnings in 2026" in words
    assert "November 1 €49.00 €7.35 €41.65" in words
    assert "Total 1 €49.00 €7.35 €41.65" in words
    assert friend_client.get("/en/earnings/2019/pdf/").status_code == 404


@pytest.mark.parametrize(
    ("language", "country"), [("de", "CH"), ("fr", "CH"), ("it", "CH"), ("pl", "PL"), ("de", "AT")]
)
def test_every_country_has_it_in_its_language(friend_client: Client, ben: Friend, language: str, country: str) -> None:
    Friend.objects.filter(pk=ben.pk).update(country=country)
    currency = {"CH": "CHF", "PL": "PLN", "AT": "EUR"}[country]
    earn(ben.pk, currency=currency)

    words = read_pdf(friend_client.get(f"/{language}/earnings/2026/pdf/").content)

    assert "Your earnings" not in words
    assert currency in words
    assert f"{Decimal('99.00'):.2f}".replace(".", "") in words.replace(",", "").replace(".", "")
