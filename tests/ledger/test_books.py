"""What the database refuses, whoever asks, and what reads say (R19, R3)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kernel.clock import now
from kernel.database.constraints import constraint_of
from ledger import chart
from ledger.errors import OutOfBalance, PeriodClosed, UnableToClose, UnableToReverse
from ledger.events import (
    card_paid,
    cash_netted,
    cash_paid,
    commission_taken,
    job_done,
    payout_ordered,
    payout_transferred,
)
from ledger.kinds import AccountKind, Event
from ledger.models import Account, Carried, Closing, Entry, Transaction
from ledger.selectors import (
    accounts,
    accounts_of_friend,
    accounts_of_partner,
    balance_of,
    statement,
    transactions_of_order,
    trial_balance,
    with_balance,
)
from ledger.services import About, Line, Posting, close_period, post, reverse
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.databases import ask_as_owner
from tests.ledger.books import BEN, CEM, NORD, SUED, TODAY, occasion, owed, settle_constraints

TABLES = ("account", "transaction", "entry", "closing", "carried")
OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 1)


@contextmanager
def refused(constraint: str) -> Iterator[None]:
    """Expect that the database refuses, now or at the commit."""
    said = ""
    try:
        with transaction.atomic():
            yield
            settle_constraints()
    except IntegrityError as error:
        said = constraint_of(error)
    assert said == constraint


def a_job(act: int = 1, *, on: date = TODAY, friend_id: UUID = BEN, tenant_id: int = NORD) -> None:
    """Book a job for 99.00 with a commission of 19.80."""
    happened, worker = occasion(act, on=on, tenant_id=tenant_id), chart.friend(friend_id)
    post(
        job_done(happened, tenant_id=tenant_id, worker=worker, price=9_900),
        commission_taken(happened, worker=worker, commission=1_832, vat=148),
    )


def code_of(sql: str) -> str:
    """Run a statement past the engine's look, undo it, and return the database's code."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.cursor.is_trusted = True
            cursor.execute(sql)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return getattr(error.__cause__, "pgcode", "") or "?"
    return ""


# --- What is refused ---------------------------------------------------------------------------------------


def test_what_does_not_balance_is_refused_before_and_by_the_database(db: None) -> None:
    lines = [Line(chart.BANK, "CHF", 100), Line(chart.STRIPE, "EUR", -100)]
    with pytest.raises(OutOfBalance):
        post(Posting("a", Event.CARD_PAID, TODAY, now(), lines, About(payment_id=BEN)))

    a_job()
    bank = Account.objects.create(id=chart.BANK.id_in("CHF"), kind="bank", currency="CHF")
    stripe = Account.objects.create(id=chart.STRIPE.id_in("EUR"), kind="stripe", currency="EUR")
    for amounts in ([(bank, 100), (stripe, -100)], [(bank, 100)], []):
        with refused("ledger_transaction_balances"):
            made = Transaction.objects.create(
                key="a", event="a", booked_on=TODAY, at=now(), entry_count=2, payment_id=BEN
            )
            Entry.objects.bulk_create(
                Entry(transaction=made, account=account, booked_on=TODAY, amount_minor=amount)
                for account, amount in amounts
            )


def test_nothing_is_added_to_a_transaction_later_not_even_in_balance(db: None) -> None:
    a_job()
    settle_constraints()
    made = Transaction.objects.get(event="job_done")
    with refused("ledger_entry_belongs"):
        for name, amount in ((chart.VAT, 5), (chart.PLATFORM, -5)):
            Entry.objects.create(transaction=made, account_id=name.id_in("CHF"), booked_on=TODAY, amount_minor=amount)


def test_an_entry_counts_for_the_day_of_its_transaction(db: None) -> None:
    a_job()
    with refused("ledger_entry_belongs"):
        made = Transaction.objects.create(key="a", event="a", booked_on=TODAY, at=now(), entry_count=2, payment_id=BEN)
        for name, amount in ((chart.VAT, 5), (chart.PLATFORM, -5)):
            Entry.objects.create(transaction=made, account_id=name.id_in("CHF"), booked_on=OCTOBER, amount_minor=amount)


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"kind": "friend", "currency": "CHF"}, "ledger_account_has_its_holder"),
        ({"kind": "friend", "currency": "CHF", "tenant_id": 1, "friend_id": BEN}, "ledger_account_has_its_holder"),
        ({"kind": "bank", "currency": "CHF", "tenant_id": 1}, "ledger_account_has_its_holder"),
        ({"kind": "bank", "currency": "USD"}, "ledger_account_currency"),
        ({"kind": "vat", "currency": "CHF"}, "ledger_account_once"),
    ],
)
def test_an_account_has_its_holder_and_one_row(db: None, columns: dict, constraint: str) -> None:
    a_job()
    with refused(constraint):
        Account.objects.create(id=CEM, **columns)


def test_a_transaction_is_about_something(db: None) -> None:
    lines = [Line(chart.BANK, "CHF", 100), Line(chart.STRIPE, "CHF", -100)]
    with refused("ledger_transaction_is_about_something"):
        post(Posting("a", Event.CARD_PAID, TODAY, now(), lines, About(tenant_id=NORD)))


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_changed_or_taken_away_by_any_login(nord: Tenant, table: str) -> None:
    a_job(on=OCTOBER)
    close_period(through=OCTOBER, who="Olga", today=TODAY, now=now())
    name = f"public.ledger_{table}"
    column = "through" if table == "closing" else "id"
    attempts = (f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}", f"TRUNCATE {name} CASCADE")

    assert {code_of(sql) for sql in attempts} == {"42501"}
    with tenant_context(nord):
        assert {code_of(sql) for sql in (*attempts, f"SELECT 1 FROM {name}")} == {"42501"}
        assert code_of(f"INSERT INTO {name} DEFAULT VALUES") == "42501"
    # The login itself, before it becomes a role, has no right at all.
    with connection.cursor() as cursor:
        cursor.cursor.is_trusted = True
        cursor.execute("SET ROLE NONE")
    assert {code_of(sql) for sql in attempts} == {"42501"}
    connection.forget_schema()  # type: ignore[attr-defined]  # of our engine


@pytest.mark.parametrize("table", TABLES)
def test_the_owner_too_is_refused_though_its_rights_are_all_there(db: None, table: str) -> None:
    for sql in ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
        attempt = sql.format(f"public.ledger_{table}")
        with pytest.raises(psycopg2.Error, match="is never changed"):
            ask_as_owner(attempt.replace("SET id = id", "SET through = through") if table == "closing" else attempt)


def test_the_platform_itself_cannot_write_what_is_carried_forward(db: None) -> None:
    assert code_of("INSERT INTO public.ledger_carried DEFAULT VALUES") == "42501"


# --- Corrections and closings ------------------------------------------------------------------------------


def test_a_reversal_undoes_a_transaction_once(db: None) -> None:
    a_job()
    done = Transaction.objects.get(event="job_done")
    assert owed(chart.friend(BEN)) == -7_920

    reversal = reverse(transaction_id=done.pk, on=TODAY, now=now())

    settle_constraints()
    assert owed(chart.friend(BEN)) == 1_980
    assert owed(chart.customers_of(NORD)) == 0
    made = Transaction.objects.get(pk=reversal)
    assert (made.reverses, made.job_id, made.tenant_id) == (done, done.job_id, NORD)
    for again in (done.pk, reversal, 0):
        with pytest.raises(UnableToReverse):
            reverse(transaction_id=again, on=TODAY, now=now())
    assert Transaction.objects.count() == 3


def test_what_only_calls_itself_a_reversal_is_refused(db: None) -> None:
    a_job()
    done = Transaction.objects.get(event="job_done")
    with refused("ledger_transaction_mirrors"):
        made = Transaction.objects.create(
            key="r", event="reversal", booked_on=TODAY, at=now(), entry_count=2, job_id=BEN, reverses=done
        )
        for name, amount in ((chart.friend(BEN), 9_800), (chart.customers_of(NORD), -9_800)):
            Entry.objects.create(transaction=made, account_id=name.id_in("CHF"), booked_on=TODAY, amount_minor=amount)


def test_nothing_comes_into_closed_books_and_balances_stay_what_they_were(db: None) -> None:
    a_job(1, on=date(2026, 9, 15))
    a_job(2, on=OCTOBER)
    a_job(3, on=TODAY)
    before = (balance_of(chart.friend(BEN), "CHF"), balance_of(chart.friend(BEN), "CHF", before=NOVEMBER))
    assert before == (3 * 7_920, 2 * 7_920)

    for through in (date(2026, 9, 30), OCTOBER):
        close_period(through=through, who="Olga", today=TODAY, now=now())

    assert Carried.objects.get(closing=OCTOBER, account=chart.friend(BEN).id_in("CHF")).balance_minor == -2 * 7_920
    assert before == (balance_of(chart.friend(BEN), "CHF"), balance_of(chart.friend(BEN), "CHF", before=NOVEMBER))
    assert balance_of(chart.friend(BEN), "CHF", before=date(2026, 10, 1)) == 7_920
    done = Transaction.objects.filter(event="job_done").earliest("id")
    with pytest.raises(PeriodClosed), transaction.atomic():
        a_job(4, on=OCTOBER)
    with pytest.raises(PeriodClosed), transaction.atomic():
        reverse(transaction_id=done.pk, on=OCTOBER, now=now())
    reverse(transaction_id=done.pk, on=TODAY, now=now())
    a_job(4, on=OCTOBER + timedelta(days=1))
    settle_constraints()


def test_an_account_that_came_to_nothing_is_not_remembered_from_an_earlier_closing(db: None) -> None:
    a_job(1, on=date(2026, 9, 15))
    close_period(through=date(2026, 9, 30), who="Olga", today=TODAY, now=now())
    post(payout_ordered(occasion(2, on=OCTOBER), worker=chart.friend(BEN), amount=7_920))

    close_period(through=OCTOBER, who="Olga", today=TODAY, now=now())

    assert balance_of(chart.friend(BEN), "CHF") == 0


def test_books_are_closed_forward_and_only_for_days_that_are_over(db: None) -> None:
    close_period(through=OCTOBER, who="Olga", today=TODAY, now=now())

    for through in (TODAY, OCTOBER, OCTOBER - timedelta(days=1)):
        with pytest.raises(UnableToClose):
            close_period(through=through, who="Olga", today=TODAY, now=now())
    assert list(Closing.objects.values_list("through", "closed_by")) == [(OCTOBER, "Olga")]


# --- Reads -------------------------------------------------------------------------------------------------


def test_a_card_job_and_a_cash_job_leave_what_the_page_says(db: None) -> None:
    worker, stripe = chart.friend(BEN), chart.STRIPE
    post(card_paid(occasion(1), provider=stripe, tenant_id=NORD, amount=9_900))
    a_job(1)
    post(payout_ordered(occasion(1), worker=worker, amount=7_920), payout_transferred(occasion(1), amount=7_920))
    assert [owed(account) for account in (worker, stripe, chart.customers_of(NORD))] == [0, 1_980, 0]

    a_job(2)
    post(cash_paid(occasion(2), tenant_id=NORD, friend_id=BEN, amount=9_900))
    post(cash_netted(occasion(2), worker=worker, friend_id=BEN, amount=7_920))

    assert [owed(account) for account in (worker, chart.cash_of(BEN), chart.customers_of(NORD))] == [0, 1_980, 0]
    assert balance_of(chart.PLATFORM, "CHF") == 2 * 1_832
    assert balance_of(chart.VAT, "CHF") == 2 * 148
    assert [made.event for made in transactions_of_order(UUID(int=2))] == [
        "job_done", "commission_taken", "cash_paid", "cash_netted",
    ]  # fmt: skip


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_trial_balance_adds_up_and_says_what_moved(db: None, is_closed: bool) -> None:
    a_job(1, on=date(2026, 9, 15))
    a_job(2, on=OCTOBER, tenant_id=SUED)
    a_job(3)
    if is_closed:
        close_period(through=date(2026, 9, 30), who="Olga", today=TODAY, now=now())

    rows = {row.kind: row for row in trial_balance(since=date(2026, 10, 1), until=OCTOBER)}

    friend, customer = rows[AccountKind.FRIEND], rows[AccountKind.CUSTOMER]
    assert (friend.opening_minor, friend.debit_minor, friend.credit_minor) == (-7_920, 1_980, 9_900)
    assert (customer.opening_minor, customer.debit_minor, customer.closing_minor) == (9_900, 9_900, 19_800)
    assert sum(row.closing_minor for row in rows.values()) == 0
    mine = trial_balance(since=date(2026, 10, 1), until=OCTOBER, tenant_id=SUED)
    assert [(row.kind, row.opening_minor, row.closing_minor) for row in mine] == [("customer", 0, 9_900)]


def test_a_statement_goes_on_from_page_to_page(db: None) -> None:
    for act in range(1, 6):
        a_job(act, on=OCTOBER if act < 3 else TODAY)
    account = Account.objects.get(pk=chart.friend(BEN).id_in("CHF"))
    whole = statement(account)
    assert whole.opening_minor == 0
    assert [row.balance_minor for row in whole.rows][-1] == -5 * 7_920
    assert len(whole.rows) == 10

    page = statement(account, since=TODAY, offset=2, limit=3)

    assert page.opening_minor == -3 * 7_920
    assert page.rows == whole.rows[6:9]
    close_period(through=OCTOBER, who="Olga", today=TODAY, now=now())
    assert statement(account, since=TODAY, offset=2, limit=3) == page


def test_partner_and_friend_see_their_own_accounts_only(nord: Tenant, sued: Tenant) -> None:
    a_job(1, tenant_id=nord.pk, friend_id=BEN)
    a_job(2, tenant_id=sued.pk, friend_id=CEM)

    assert {(one.kind, one.tenant_id) for one in accounts_of_partner(nord.pk)} == {("customer", nord.pk)}
    assert {(one.kind, one.friend_id) for one in accounts_of_friend(BEN)} == {("friend", BEN)}
    [cems] = with_balance(accounts(friend_ids=[CEM]))
    assert cems.balance_minor == -7_920  # type: ignore[attr-defined]  # added by the query
    with tenant_context(nord), pytest.raises(DatabaseError), transaction.atomic():
        list(accounts())
    with platform_context():
        assert accounts().count() == 6
