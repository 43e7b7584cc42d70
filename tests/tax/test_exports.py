"""The books of a month for accountants: a DATEV batch and a CSV, whose sums are those of the trial balance (R19)."""

import csv
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from ledger import chart
from ledger.events import job_done
from ledger.kinds import AccountKind
from ledger.selectors import trial_balance
from ledger.services import post
from tax.datev import CHARTS, SKR03, Side, lines_of
from tenants.models import Tenant
from tests.ledger.books import BEN, all_events, made_up, occasion
from tests.pages import assert_valid_html, text_of

EXPORTS = "/en/operators/tax/exports/"
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
ASKED = {"month": "2026-10", "adviser": "29098", "client": "55003", "chart": "03"}


@pytest.fixture
def books(db: None) -> None:
    """Book each event twice in October, and once outside it."""
    dice = random.Random(7)
    for act, event in enumerate([*all_events()] * 2, start=1):
        post(made_up(event, dice, act, on=date(2026, 10, 1 + act % 31))[0])
    for act, event in enumerate(all_events(), start=1_000):
        post(made_up(event, dice, act, on=dice.choice([date(2026, 9, 30), date(2026, 11, 1)]))[0])


def moved(currency: str) -> dict[AccountKind, int]:
    """Return by how much the trial balance says that each kind of account has moved."""
    rows = trial_balance(since=OCTOBER[0], until=OCTOBER[1])
    sums = {one.kind: one.debit_minor - one.credit_minor for one in rows if one.currency == currency}
    return {kind: amount for kind, amount in sums.items() if amount}


def datev(client: Client, **asked: str) -> tuple[list[str], list[str], list[list[str]]]:
    """Return head, columns and lines of the file."""
    answer = client.get(f"{EXPORTS}datev/", ASKED | asked)
    assert answer["Content-Type"] == "text/csv; charset=windows-1252"
    content = answer.content.decode("cp1252")
    assert content.endswith("\r\n")
    assert content.count("\n") == content.count("\r\n")
    head, columns, *lines = csv.reader(content.split("\r\n")[:-1], delimiter=";")
    return head, columns, lines


def test_the_head_has_31_fields_and_each_line_125_columns(operator_client: Client, books: None) -> None:
    head, columns, lines = datev(operator_client, currency="EUR")

    assert len(head) == 31
    assert head[:5] == ["EXTF", "700", "21", "Buchungsstapel", "13"]
    assert head[10:16] == ["29098", "55003", "20260101", "4", "20261001", "20261031"]
    assert (head[21], head[26]) == ("EUR", "03")
    assert {len(columns)} | {len(line) for line in lines} == {125}
    assert columns[7] == "Gegenkonto (ohne BU-Schlüssel)"
    assert {line[1] for line in lines} == {"S"}
    assert {line[9][2:] for line in lines} == {"10"}
    assert all(len(line[13]) <= 60 for line in lines)


@pytest.mark.parametrize("currency", ["CHF", "EUR", "PLN"])
@pytest.mark.parametrize("code", ["03", "04"])
def test_each_account_moves_as_in_the_trial_balance(
    operator_client: Client,
    books: None,
    currency: str,
    code: str,
) -> None:
    _head, _columns, lines = datev(operator_client, currency=currency, chart=code)

    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        amount = int(Decimal(line[0].replace(",", ".")) * 100)
        assert amount > 0
        sums[line[6]] += amount
        sums[line[7]] -= amount
    accounts = CHARTS[code].accounts
    expected = {str(accounts[kind]): amount for kind, amount in moved(currency).items()}
    assert expected
    assert {account: amount for account, amount in sums.items() if amount} == expected


@pytest.mark.parametrize("currency", ["CHF", "EUR", "PLN"])
def test_the_csv_has_the_sums_of_the_trial_balance(operator_client: Client, books: None, currency: str) -> None:
    answer = operator_client.get(f"{EXPORTS}csv/", ASKED | {"currency": currency})

    sums: dict[AccountKind, int] = defaultdict(int)
    for row in csv.DictReader(answer.content.decode().splitlines()):
        assert row["currency"] == currency
        sums[AccountKind(row["kind"])] += int(row["debit_minor"]) - int(row["credit_minor"])
    assert {kind: amount for kind, amount in sums.items() if amount} == moved(currency)


def test_of_a_partner_there_is_what_was_booked_for_its_orders(
    operator_client: Client,
    books: None,
    nord: Tenant,
) -> None:
    page = operator_client.get(EXPORTS)
    assert_valid_html(page)
    assert "Download for DATEV" in text_of(page)
    happened = occasion(5_000, currency="EUR", on=date(2026, 10, 5), tenant_id=nord.pk)
    post(job_done(happened, tenant_id=nord.pk, worker=chart.friend(BEN), price=9_900))

    [line] = datev(operator_client, currency="EUR", seller=str(nord.pk))[2]

    assert line[:3] + line[6:10] == ["99,00", "S", "EUR", "1400", "1700", "", "0510"]


def test_a_month_or_number_that_is_none_leads_back_to_the_form(operator_client: Client) -> None:
    for wrong in ({"month": "1999-01"}, {"adviser": "7"}, {"chart": "99"}, {"seller": "0"}):
        for path in ("datev", "csv"):
            answer = operator_client.get(f"{EXPORTS}{path}/", ASKED | wrong)
            assert (answer.status_code, answer["Location"]) == (302, EXPORTS)


@pytest.mark.parametrize(
    "amounts", [(7, -7), (10, -4, -6), (4, 6, -10), (5, 5, -3, -7), (9, -2, 1, -8)], ids=lambda amounts: str(amounts)
)
def test_a_transaction_of_many_entries_becomes_pairs_that_add_up(amounts: Sequence[int]) -> None:
    kinds = list(AccountKind)
    lines = lines_of([Side(kinds[place], amount) for place, amount in enumerate(amounts)])

    sums: dict[AccountKind, int] = defaultdict(int)
    for line in lines:
        sums[line.debit] += line.amount_minor
        sums[line.credit] -= line.amount_minor
    assert sums == {kinds[place]: amount for place, amount in enumerate(amounts)}


def test_every_kind_of_account_has_one_account_of_its_own_in_each_chart() -> None:
    for one in CHARTS.values():
        assert set(one.accounts) == set(AccountKind)
        assert len(set(one.accounts.values())) == len(AccountKind)
    assert SKR03.accounts[AccountKind.BANK] == 1200
