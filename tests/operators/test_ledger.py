"""Operators read the books, take them away as CSV, and close them (R19)."""

import csv
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Kind, User
from crowd.models import Friend
from kernel.clock import now
from ledger import chart
from ledger.events import card_paid, commission_taken, job_done
from ledger.models import Account, Closing
from ledger.services import close_period, post
from tenants.models import Tenant
from tests.cast import PASSWORD
from tests.ledger.books import TODAY, occasion
from tests.pages import assert_valid_html

LEDGER = "/en/operators/ledger/"
ACCOUNTS = f"{LEDGER}accounts/"
OCTOBER = date(2026, 10, 31)


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return Olga, the operator, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


def a_card_job(act: int, tenant: Tenant, friend: Friend, *, on: date = TODAY, currency: str = "EUR") -> None:
    """Book a job for 99.00 that was paid by card."""
    happened, worker = occasion(act, on=on, tenant_id=tenant.pk, currency=currency), chart.friend(friend.pk)
    post(
        card_paid(happened, provider=chart.STRIPE, tenant_id=tenant.pk, amount=9_900),
        job_done(happened, tenant_id=tenant.pk, worker=worker, price=9_900),
        commission_taken(happened, worker=worker, commission=1_832, vat=148),
    )


def text_of(client: Client, path: str) -> str:
    """Return the words of a valid page."""
    page = client.get(path)
    assert page.status_code == 200
    assert_valid_html(page)
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split()).replace("\N{NO-BREAK SPACE}", " ")


def link_in(client: Client, path: str, words: str) -> str:
    """Return where the link of a page's content leads that has these words."""
    page = client.get(path).content.decode().partition("<main")[2]
    found = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>\s*{re.escape(words)}', page)
    assert found, words
    return found[1].replace("&amp;", "&")


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    answer = client.get(path)
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(answer.content.decode().splitlines()))


def test_the_trial_balance_adds_up_and_leads_to_account_and_statement(
    operator_client: Client, nord: Tenant, four_near: dict[str, Friend]
) -> None:
    assert "Nothing is booked here." in text_of(operator_client, LEDGER)
    a_card_job(1, nord, four_near["Ben"])
    a_card_job(2, nord, four_near["Cem"], on=OCTOBER)

    page = text_of(operator_client, LEDGER)

    assert "Friend -€79.20 €19.80 €99.00 -€158.40" in page
    assert "Stripe €99.00 €99.00 – €198.00" in page
    assert "Total €0.00 €217.80 €217.80 €0.00" in page
    friends = link_in(operator_client, LEDGER, "Friend")
    listed = text_of(operator_client, friends)
    assert re.search(r"Friend · Ben \w+ , EUR €79\.20", listed)
    assert "Stripe ·" not in listed
    statement = text_of(operator_client, link_in(operator_client, friends, "Friend · Ben"))
    assert re.search(r"Job done €99\.00 €99\.00 .*Commission €19\.80 €79\.20", statement)


def test_the_files_hold_what_the_pages_show(
    operator_client: Client, nord: Tenant, four_near: dict[str, Friend]
) -> None:
    a_card_job(1, nord, four_near["Ben"])

    trial = rows_of(operator_client, link_in(operator_client, LEDGER, "Download as CSV"))
    listed = rows_of(operator_client, link_in(operator_client, f"{ACCOUNTS}?kind=friend", "Download as CSV"))
    statement = rows_of(
        operator_client, link_in(operator_client, f"{ACCOUNTS}{listed[0]['account']}/", "Download as CSV")
    )

    assert sum(int(row["closing_minor"]) for row in trial) == 0
    assert [(row["kind"], row["balance_minor"]) for row in listed] == [("friend", "7920")]
    assert [(row["event"], row["credit_minor"], row["balance_minor"]) for row in statement] == [
        ("job_done", "9900", "9900"), ("commission_taken", "0", "7920"),
    ]  # fmt: skip


def test_accounts_are_found_by_friend_kind_partner_and_currency(
    operator_client: Client, nord: Tenant, sued: Tenant, four_near: dict[str, Friend]
) -> None:
    a_card_job(1, nord, four_near["Ben"])
    a_card_job(2, sued, four_near["Cem"], currency="CHF")

    def found(query: str) -> set[str]:
        return {row["kind"] + row["currency"] for row in rows_of(operator_client, f"{ACCOUNTS}csv/?{query}")}

    assert found("q=Ben") == {"friendEUR"}
    assert found("q=Nobody") == set()
    assert found("kind=stripe") == {"stripeEUR", "stripeCHF"}
    assert found(f"partner={sued.pk}") == {"customerCHF"}
    assert found("currency=CHF&kind=vat") == {"vatCHF"}
    assert len(found("kind=nonsense&partner=x&currency=USD")) == 10
    assert "Nothing matches that." in text_of(operator_client, f"{ACCOUNTS}?q=Nobody")


def test_a_statement_begins_with_what_was_there_and_has_pages(
    operator_client: Client, nord: Tenant, four_near: dict[str, Friend]
) -> None:
    a_card_job(1, nord, four_near["Ben"], on=OCTOBER)
    for act in range(2, 34):
        a_card_job(act, nord, four_near["Ben"])
    account = Account.objects.get(friend_id=four_near["Ben"].pk)

    second = text_of(operator_client, f"{ACCOUNTS}{account.pk}/?page=2")

    assert "Page 2 of 2" in second
    assert "Opening balance €2,059.20" in second
    assert second.count("Job done") == 7
    assert operator_client.get(f"{ACCOUNTS}{nord.schema_name}/").status_code == 404
    assert operator_client.get(f"{ACCOUNTS}{four_near['Ben'].pk}/").status_code == 404


def test_the_books_are_closed_from_the_page_and_only_for_days_that_are_over(operator_client: Client) -> None:
    page = operator_client.get(LEDGER).content.decode()
    assert "The books have not been closed yet." in page
    assert 'name="through" value="2026-10-31"' in page

    told = operator_client.post(f"{LEDGER}close/", {"through": "2026-10-31"}, follow=True).content.decode()

    assert "The books are closed through that day." in told
    assert Closing.objects.get().closed_by == "olga@quartett.example"
    for through, said in (
        ("2026-10-31", "days that are over"),
        ("2026-11-24", "days that are over"),
        ("", "choose a day"),
    ):
        assert said in operator_client.post(f"{LEDGER}close/", {"through": through}, follow=True).content.decode()
    assert Closing.objects.count() == 1


def test_the_pages_ask_as_often_for_many_as_for_few(
    operator_client: Client, nord: Tenant, four_near: dict[str, Friend]
) -> None:
    a_card_job(1, nord, four_near["Ben"])
    account = Account.objects.get(friend_id=four_near["Ben"].pk)
    pages = (LEDGER, ACCOUNTS, f"{ACCOUNTS}{account.pk}/")

    def asked() -> list[int]:
        counts = []
        for path in pages:
            with CaptureQueriesContext(connection) as queries:
                operator_client.get(path)
            counts.append(len(queries))
        return counts

    asked()
    few = asked()
    for act, name in enumerate(("Ben", "Cem", "Dana", "Emil"), start=2):
        a_card_job(act, nord, four_near[name])
    assert asked() == few


def test_nobody_but_operators_reads_the_books(
    nord: Tenant, friend_client: Client, manager_client: Client, four_near: dict[str, Friend]
) -> None:
    a_card_job(1, nord, four_near["Ben"])
    close_period(through=OCTOBER, who="Olga", today=TODAY, now=now())

    assert friend_client.get(LEDGER).status_code == 403
    assert Client(headers={"host": "app.localhost"}).get(LEDGER).status_code == 302
    assert manager_client.get(LEDGER).status_code == 404
