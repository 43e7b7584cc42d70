"""An injection into one tenant's statement reaches nobody else (R3)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, connection, transaction
from django.db.models.expressions import RawSQL
from psycopg2 import extensions

from accounts.models import User
from orders.models import Order
from tenants.context import platform_context, tenant_context
from tenants.isolation.names import role_for
from tenants.isolation.postgresql import statements
from tenants.isolation.postgresql.statements import GuardedCursor, fault_of
from tenants.models import PUBLIC, Tenant
from tests.databases import ask_as_owner
from tests.isolation.injections import EXPRESSIONS, MARKS, POSITIONS, STATEMENTS

Door = Callable[[str], Any]
LOOK = GuardedCursor._look_at
# What close.sql takes away and an injection would use first.
REOPENED = (
    "set_config(text, text, boolean)", "ts_stat(text)", "query_to_xml(text, boolean, boolean, text)",
    "table_to_xml(regclass, boolean, boolean, text)", "schema_to_xml(name, boolean, boolean, text)",
)  # fmt: skip


def filled(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}").replace("{role}", role_for("t_sued")).replace(
        "{platform}", role_for(PUBLIC)
    )  # fmt: skip


def expressions() -> list[str]:
    return [filled(text) for text in EXPRESSIONS.values()]


def texts() -> list[str]:
    """Return every expression at every place, and the whole texts."""
    # Where the engine does not look, these would end the test's own transaction.
    ends = () if GuardedCursor._look_at is LOOK else ("COMMIT", "ROLLBACK")
    placed = [position.replace("{}", text) for position in POSITIONS.values() for text in expressions()]
    return placed + [filled(text) for text in STATEMENTS.values() if not any(end in text for end in ends)]


def by_cursor(text: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchall() if cursor.description else None


def by_cursor_with_values(text: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(text.replace("%", "%%"), [])
        return cursor.fetchall() if cursor.description else None


def by_executemany(text: str) -> Any:
    with connection.cursor() as cursor:
        cursor.executemany(text.replace("%", "%%"), [()])


def by_cursor_of_the_server(text: str) -> Any:
    with connection.chunked_cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchall()


def by_cursor_of_the_driver(text: str) -> Any:
    with connection.connection.cursor() as cursor:
        cursor.execute(text.encode())
        return cursor.fetchall() if cursor.description else None


def by_raw(text: str) -> Any:
    return [vars(user) for user in User.objects.raw(text)]


def by_extra_where(text: str) -> Any:
    return list(User.objects.extra(where=[f"email <> ({text})::text"]).values())


def by_extra_select(text: str) -> Any:
    return list(User.objects.extra(select={"found": f"({text})::text"}).values())


def by_extra_order(text: str) -> Any:
    return list(User.objects.extra(select={"found": f"({text})::text"}, order_by=["found"]).values())


def by_extra_table(text: str) -> Any:
    return list(User.objects.extra(tables=[f'x" CROSS JOIN (SELECT {text}) "y']).values())


def by_annotation(text: str) -> Any:
    return list(User.objects.annotate(found=RawSQL(f"({text})::text", [])).values())


def by_filter(text: str) -> Any:
    return list(User.objects.filter(email=RawSQL(f"({text})::text", [])).values())


def by_order(text: str) -> Any:
    return list(User.objects.order_by(RawSQL(f"({text})::text", [])).values())


def by_aggregate(text: str) -> Any:
    return list(User.objects.values(found=RawSQL(f"({text})::text", [])).distinct())


def by_update(text: str) -> Any:
    User.objects.update(first_name=RawSQL(f"({text})::text", []))
    return list(User.objects.values_list("first_name", flat=True))


WHOLE: tuple[Door, ...] = (
    by_cursor, by_cursor_with_values, by_executemany, by_cursor_of_the_server, by_cursor_of_the_driver, by_raw,
)  # fmt: skip
PARTS: tuple[Door, ...] = (
    by_extra_where, by_extra_select, by_extra_order, by_extra_table, by_annotation, by_filter, by_order, by_aggregate,
    by_update,
)  # fmt: skip


def stolen(tenant: Tenant, door: Door, text: str) -> list[str]:
    """Return what a text brings: marks in what comes back, and whether the session has become somebody else."""
    found: list[str] = []
    with tenant_context(tenant):
        try:
            with transaction.atomic():
                answer = repr(door(text))
                # As the driver has it, unguarded: the engine would enter the tenant again.
                with connection.connection.cursor(cursor_factory=extensions.cursor) as cursor:
                    cursor.execute("SELECT current_user, current_setting('search_path')")
                    user, path = cursor.fetchone()
                found += [mark for mark in MARKS if mark in answer]
                if user != role_for("t_nord") or not path.startswith("t_nord"):
                    found.append("another session")
                transaction.set_rollback(True)
        except (DatabaseError, psycopg2.Error, ValueError, TypeError, FieldDoesNotExist):
            pass
    return found


def everything(tenant: Tenant) -> dict[tuple[str, str], list[str]]:
    """Try every text through every door; return what was stolen, by door and text."""
    tries = [(door, text) for door in WHOLE for text in texts()]
    tries += [(door, text) for door in PARTS for text in expressions()]
    found = {(door.__name__, text): stolen(tenant, door, text) for door, text in tries}
    return {key: loot for key, loot in found.items() if loot}


@pytest.fixture
def operator(db: None) -> None:
    with platform_context():
        User.objects.create(email="olga@operators.example", first_name="Olga")


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine's cursors send whatever they are given."""
    monkeypatch.setattr(GuardedCursor, "_look_at", lambda *_: None)


@contextmanager
def as_superusers_left_it() -> Iterator[None]:
    """Give everybody back what a fresh PostgreSQL gives them, as on a server where nobody is a superuser."""
    functions = ", ".join(REOPENED)
    ask_as_owner(f"GRANT EXECUTE ON FUNCTION {functions} TO PUBLIC")
    try:
        yield
    finally:
        ask_as_owner(f"REVOKE EXECUTE ON FUNCTION {functions} FROM PUBLIC")


def test_the_list_is_long_enough() -> None:
    assert len(EXPRESSIONS) + len(STATEMENTS) >= 60
    assert len(set(texts())) > 400


def test_nothing_of_others_comes_through_any_door(nord: Tenant, operator: None) -> None:
    assert everything(nord) == {}


def test_the_look_at_each_statement_alone_is_enough(nord: Tenant, operator: None) -> None:
    with as_superusers_left_it():
        assert everything(nord) == {}


def test_without_that_look_the_database_alone_stops_what_is_one_statement(
    nord: Tenant, operator: None, unguarded: None
) -> None:
    taken = everything(nord)

    # Only what names the role in a statement of its own, and what turns numbers into names, is left.
    assert taken
    left = [text for _door, text in taken if "SET" not in text and "RESET" not in text and "_reg" not in text]
    assert [text for text in left if "::reg" not in text and text != "DISCARD ALL"] == []


def test_control_without_both_one_plain_select_reads_the_others(nord: Tenant, operator: None, unguarded: None) -> None:
    with as_superusers_left_it():
        taken = everything(nord)

    marks = {mark for loot in taken.values() for mark in loot}
    assert {"manager@sued.example", "olga@operators.example", "another session"} <= marks
    doors = {door for (door, _text), loot in taken.items() if "manager@sued.example" in loot}
    assert {"by_cursor", "by_raw"} <= doors
    assert doors & {door.__name__ for door in PARTS}


def test_the_house_own_statements_pass(nord: Tenant) -> None:
    with tenant_context(nord), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 'a;b', \"email\", E'\\'' FROM accounts_user WHERE email LIKE '%;%' ;\n")
        cursor.execute("SELECT %s", ["; SET ROLE x --"])
        assert cursor.fetchall() == [("; SET ROLE x --",)]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with transaction.atomic():
            assert Order.objects.filter(job_id=None).first() is None
        assert list(User.objects.order_by("id").iterator())
    with tenant_context(nord), transaction.atomic():
        assert User.objects.filter(email__contains=RawSQL("'%%'", [])) is not None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("SELECT 1; SELECT 2", "“;”"),
        ("SELECT 1 ;; ", "“;”"),
        ("SELECT 'it", "“'”"),
        ("SELECT '%s'", "between quotes"),
        ('SELECT 1 AS "%(x)s"', "between quotes"),
        ("SELECT n'x'", "“'”"),
        ("SET ROLE x", "read or write"),
        ("select PG_CATALOG.now()", "“PG_CATALOG”"),
    ],
)
def test_a_refusal_says_why_and_repeats_nothing_else(text: str, fault: str) -> None:
    assert fault in fault_of(text, has_values=True, is_in_tenant=True)


def test_a_statement_that_is_refused_is_never_sent(nord: Tenant) -> None:
    with tenant_context(nord), pytest.raises(DatabaseError) as refused, connection.cursor() as cursor:
        cursor.execute("SELECT 1; SELECT 'secret'")

    assert isinstance(refused.value.__cause__, statements.StatementRefused)
    assert "secret" not in str(refused.value)
    # Nor is a name that the driver would write into a text, or a whole table.
    for way in (lambda c: c.callproc("now"), lambda c: c.copy_expert("COPY accounts_user TO STDOUT", None)):
        with tenant_context(nord), pytest.raises((DatabaseError, psycopg2.Error)), connection.cursor() as cursor:
            way(cursor)
