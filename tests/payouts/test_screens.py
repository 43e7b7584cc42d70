"""What operators and friends see of payouts, and do from the page: alarm first, runs, bank files, holds (R19)."""

import csv
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import Coordinates

from accounts.models import Kind, User
from journeys.money.payouts.pay_out import carry_out_runs
from journeys.tasks import carry_out_payouts, note_waiting_money
from kernel.clock import now
from payouts.models import Download, Payout, Waiting
from payouts.states import PayoutState
from tests.billing.papers import text_of as read_pdf
from tests.cast import PASSWORD, Cast
from tests.pages import assert_valid_html
from tests.payouts.money import FOREVER, earn, weekly, with_account

DESK = "/en/operators/payouts/"
PAYOUTS = "/en/payouts/"


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return Olga, the operator, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


def text_of(client: Client, path: str) -> str:
    """Return the words of a valid page."""
    page = client.get(path)
    assert page.status_code == 200, path
    assert_valid_html(page)
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split()).replace("\N{NO-BREAK SPACE}", " ")


def link_in(client: Client, path: str, words: str) -> str:
    """Return where the link with these words leads."""
    found = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>\s*{re.escape(words)}', client.get(path).content.decode())
    assert found, words
    return found[1].replace("&amp;", "&")


def form_of(client: Client, path: str, button: str) -> str:
    """Return where the form with this button goes."""
    for form in re.findall(r"<form.*?</form>", client.get(path).content.decode(), re.S):
        if re.search(rf"<button[^>]*>.*?{re.escape(button)}", form, re.S):
            action = re.search(r'action="([^"]*)"', form)
            return action[1] if action else path
    raise AssertionError(button)


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    answer = client.get(path)
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(answer.content.decode().splitlines()))


def test_an_operator_runs_takes_the_file_and_confirms_and_the_friend_sees_each_step(
    operator_client: Client, friend_client: Client, four_near: Cast
) -> None:
    ben = four_near["Ben"].pk
    carry_out_payouts()
    with_account(ben)
    earn(ben)
    shown = text_of(friend_client, PAYOUTS)
    assert "You're owed €79.20" in shown.replace("&#x27;", "'")
    assert "We'll pay it on Monday, 30 November" in shown.replace("&#x27;", "'")
    runs = link_in(operator_client, DESK, "Payout runs")
    text_of(operator_client, runs)

    begun = operator_client.post(runs, {"currency": "EUR"})
    assert "The run is under way." in text_of(operator_client, begun["Location"])
    carry_out_payouts()
    run = begun["Location"]
    assert re.search(r"Bank file 1 1 payout · €79\.20", text_of(operator_client, run))
    assert "Ordered" in text_of(friend_client, PAYOUTS)
    file = operator_client.post(form_of(operator_client, run, "Download pain.001"))

    assert file["Content-Type"] == "application/xml"
    assert b"<IBAN>DE89370400440532013000</IBAN>" in file.content
    assert "Downloaded by olga@quartett.example" in text_of(operator_client, run)
    assert Download.objects.count() == 1
    confirmed = operator_client.post(form_of(operator_client, run, "The bank has carried it out"), follow=True)
    assert "1 payout has been confirmed." in confirmed.content.decode()
    assert "The bank is done with this file." in text_of(operator_client, run)
    assert "Paid" in text_of(friend_client, PAYOUTS)


def test_the_statement_lists_each_job_with_its_three_figures(friend_client: Client, four_near: Cast) -> None:
    ben = four_near["Ben"].pk
    with_account(ben)
    earn(ben)
    earn(ben, price=4_900, in_cash=True)
    weekly()
    page = link_in(friend_client, PAYOUTS, "24 November 2026")

    shown = text_of(friend_client, page)

    assert re.search(r"€99\.00 €19\.80 €79\.20", shown)
    assert re.search(r"€49\.00 €9\.80 €39\.20", shown)
    assert "in cash" in shown
    assert re.search(r"Total €148\.00 €29\.60 €118\.40", shown)
    assert re.search(r"Given to you in cash €49\.00 Paid out €69\.40", shown)
    rows = rows_of(friend_client, link_in(friend_client, page, "Download as CSV"))
    assert [(row["price_minor"], row["commission_minor"], row["you_get_minor"]) for row in rows[:2]] == [
        ("9900", "1980", "7920"), ("4900", "980", "3920"),
    ]  # fmt: skip
    assert {row["job"]: row["you_get_minor"] for row in rows[2:]} == {
        "carried_over": "0", "due": "6940", "paid": "6940", "left": "0",
    }  # fmt: skip


def test_the_statement_is_a_pdf_in_the_friends_language_that_is_the_same_every_time(
    friend_client: Client, four_near: Cast
) -> None:
    ben = four_near["Ben"].pk
    with_account(ben)
    earn(ben)
    earn(ben, price=4_900, in_cash=True)
    weekly()
    page = link_in(friend_client, "/de/payouts/", "24. November 2026")

    first = friend_client.get(link_in(friend_client, page, "Als PDF herunterladen"))

    assert first["Content-Disposition"] == 'attachment; filename="Quartett-2026-11-24.pdf"'
    content = first.content
    text = read_pdf(content).replace("\N{NO-BREAK SPACE}", " ")
    assert "Auszahlung vom 24. November 2026" in text
    assert re.search(r"99,00 €\s+19,80 €\s+79,20 €", text)
    assert re.search(r"Bar an dich bezahlt\s+49,00 €\s+Ausgezahlt\s+69,40 €", text)
    assert "DE… 3000" in text
    again = friend_client.get(link_in(friend_client, page, "Als PDF herunterladen"))
    assert again.content == content


def test_what_is_late_stands_first_on_the_desk_and_in_the_friends_app_with_reason_and_date(
    operator_client: Client, friend_client: Client, four_near: Cast, clock: Coordinates
) -> None:
    ben = four_near["Ben"].pk
    earn(ben)
    note_waiting_money()
    assert "No payment is late." in text_of(operator_client, DESK)
    assert "This is late" not in text_of(friend_client, PAYOUTS)
    clock.shift(timedelta(days=15))
    for client, name in ((friend_client, "ben@friends.example"),):
        client.post("/en/sign-in/", {"username": name, "password": PASSWORD})
    operator_client.force_login(User.objects.get(email="olga@quartett.example"))

    desk, app = text_of(operator_client, DESK), text_of(friend_client, PAYOUTS)

    assert re.search(r"1 payment is late .*Ben Muster No bank account since 24 November 2026 €79\.20", desk)
    assert desk.index("1 payment is late") < desk.index("Name of the friend")
    assert "We don't know your bank account yet." in app.replace("&#x27;", "'")
    assert re.search(r"This is late: you earned part of it on 24 November 2026 .* within 14 days", app)


def test_money_that_waits_is_found_by_friend_reason_and_currency(operator_client: Client, four_near: Cast) -> None:
    earn(four_near["Ben"].pk)
    earn(four_near["Cem"].pk, currency="CHF")
    earn(four_near["Dana"].pk, price=1_000)
    with_account(four_near["Dana"].pk)
    carry_out_runs(now=now(), budget_s=FOREVER)

    def found(query: str) -> set[str]:
        return {row["name"].split()[0] for row in rows_of(operator_client, f"{DESK}waiting/csv/?{query}")}

    assert found("") == {"Ben", "Cem", "Dana"}
    assert found("q=Ben") == {"Ben"}
    assert found("q=Nobody") == set()
    assert found("kind=small") == {"Dana"}
    assert found("currency=CHF") == {"Cem"}
    assert found("kind=nonsense&currency=USD") == {"Ben", "Cem", "Dana"}
    assert "Nothing matches that." in text_of(operator_client, f"{DESK}?q=Nobody")
    assert link_in(operator_client, f"{DESK}?kind=small", "Download as CSV").endswith("?kind=small")


def test_an_operator_holds_payouts_and_the_friend_reads_why(
    operator_client: Client, friend_client: Client, four_near: Cast
) -> None:
    ben = four_near["Ben"].pk
    with_account(ben)
    earn(ben, price=1_000)
    weekly()
    page = link_in(operator_client, DESK, "Ben Muster")
    assert "Below the minimum" in text_of(operator_client, page)

    assert operator_client.post(page, {"reason": ""}).status_code == 422
    operator_client.post(page, {"reason": "We are looking into a complaint."})

    assert "Payouts on hold: We are looking into a complaint." in text_of(operator_client, page)
    assert "The reason: We are looking into a complaint." in text_of(friend_client, PAYOUTS)
    assert Waiting.objects.get().reason == "held"
    operator_client.post(form_of(operator_client, page, "Pay again"))
    assert "We are looking into a complaint." not in text_of(friend_client, PAYOUTS)


def test_an_operator_marks_a_payout_as_refused_and_pays_the_friend_alone(
    operator_client: Client, friend_client: Client, four_near: Cast
) -> None:
    ben = four_near["Ben"].pk
    with_account(ben)
    earn(ben)
    weekly()
    page = link_in(operator_client, f"{DESK}all/", "Ben Muster")
    text_of(operator_client, page)

    operator_client.post(page, {"reason": "Account closed"})

    assert "Account closed" in text_of(operator_client, page)
    assert "Mark as refused" not in text_of(operator_client, page)
    assert "The bank refused your last payout." in text_of(friend_client, PAYOUTS)
    with_account(ben)
    alone = operator_client.post(form_of(operator_client, f"{DESK}friends/{ben}/", "Pay now"), {"currency": "EUR"})
    carry_out_payouts()
    assert "€79.20" in text_of(operator_client, alone["Location"])
    assert list(Payout.objects.order_by("ordered_at", "state").values_list("state", flat=True)) == [
        PayoutState.ORDERED, PayoutState.REFUSED,
    ]  # fmt: skip
    files = rows_of(operator_client, link_in(operator_client, f"{DESK}all/", "Download as CSV"))
    assert {(row["state"], row["account"]) for row in files} == {("ordered", "DE… 3000"), ("refused", "DE… 3000")}


def test_the_pages_ask_as_often_for_many_as_for_few(operator_client: Client, four_near: Cast) -> None:
    names = list(four_near)
    for name in names[:1]:
        with_account(four_near[name].pk)
        earn(four_near[name].pk)
    [payout] = weekly()
    pages = (DESK, f"{DESK}all/", f"{DESK}runs/", f"{DESK}runs/{payout.run_id}/")

    def asked() -> list[int]:
        counts = []
        for path in pages:
            with CaptureQueriesContext(connection) as queries:
                operator_client.get(path)
            counts.append(len(queries))
        return counts

    earn(four_near["Emil"].pk)
    note_waiting_money()
    asked()
    few = asked()
    for name in names[1:3]:
        earn(four_near[name].pk)
    note_waiting_money()
    assert asked() == few


def test_nobody_but_operators_comes_to_the_desk(friend_client: Client, manager_client: Client) -> None:
    assert friend_client.get(DESK).status_code == 403
    assert Client(headers={"host": "app.localhost"}).get(DESK).status_code == 302
    assert manager_client.get(DESK).status_code == 404


def test_payouts_lead_to_the_earnings(friend_client: Client) -> None:
    earnings = link_in(friend_client, PAYOUTS, "See what each job has earned you")

    assert "A job counts once your customer has confirmed it" in text_of(friend_client, earnings)
