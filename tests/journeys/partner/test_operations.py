"""What only the owner can do is asked for in the web and carried out once, whoever dies (R1)."""

import threading
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from accounts.models import User
from catalog.starter import clear_catalogue
from journeys.partner.operations import carry_out
from kernel.clock import now
from tenants.context import tenant_context
from tenants.errors import UnableToRequestOperation
from tenants.lifecycle.operations import Outcome, Progress, carry_out_operations
from tenants.models import PUBLIC, Operation, OperationKind, OperationState, Tenant
from tenants.services import request_operation
from tests.cast import ADA, book, deliver, plant_package, register_friend
from tests.databases import empty

FIELDS = {
    "name": "Ost",
    "legal_name": "Ost AG",
    "languages": ["de", "en"],
    "default_language": "de",
    "countries": ["AT"],
    "currency": "EUR",
    "brand_colour": "#225588",
}
MANAGER = {"email": "Mia@ost.example", "first_name": "Mia", "last_name": "Muster", "language": "de"}


def ask(slug: str = "ost", **fields: object) -> Operation:
    """Ask for a partner, as the operators' form does."""
    return request_operation(
        kind=OperationKind.CREATE,
        slug=slug,
        request={"fields": FIELDS | fields, "manager": MANAGER, "domain": "", "language": "de"},
        who="Olga",
        now=now(),
    )


@pytest.fixture
def clean(owner: None) -> Any:
    """Take away what the test commits beside its partner."""
    yield
    Operation.objects.all().delete()
    with connection.cursor() as cursor:
        empty(cursor, PUBLIC, ("crowd_friend", "dispatch_job", "outbox_message"))
        cursor.execute("DELETE FROM accounts_user WHERE kind = 'friend'")


def test_a_partner_that_was_asked_for_is_made_and_its_manager_invited(clean: None) -> None:
    operation = ask()

    assert carry_out(now=now()) == 1

    operation.refresh_from_db()
    tenant = Tenant.objects.get(slug="ost")
    assert (operation.state, operation.percent, operation.tenant) == (OperationState.DONE, 100, tenant)
    assert operation.result == {"slug": "ost", "url": "http://ost.localhost:8000/"}
    with tenant_context(tenant):
        manager = User.objects.get()
        assert (manager.email, [group.name for group in manager.groups.all()]) == (
            "mia@ost.example",
            ["Community managers"],
        )
    [invitation] = deliver()
    assert invitation.to == ["mia@ost.example"]
    assert "http://ost.localhost:8000/de/account/invitation/" in invitation.body
    assert Client(headers={"host": "ost.localhost"}).get("/de/").status_code == 200
    assert carry_out(now=now()) == 0


def test_answers_to_a_new_partners_mails_reach_its_first_manager(clean: None) -> None:
    """Whom else: the operators' form asks for no address of the brand."""
    ask(countries=["DE"])
    assert carry_out(now=now()) == 1
    tenant = Tenant.objects.get(slug="ost")
    with tenant_context(tenant):
        clear_catalogue()
        plant_package("DE", "EUR")
    register_friend("Ida", km=1, communities=[tenant.pk])
    [invitation] = deliver()
    assert invitation.reply_to == [MANAGER["email"]]

    book(tenant)

    to_customer = [sent for sent in deliver() if sent.to == [ADA["email"]]]
    assert to_customer
    assert {tuple(sent.reply_to) for sent in to_customer} == {(MANAGER["email"],)}


def test_progress_is_seen_by_others_before_anything_is_committed(clean: None) -> None:
    operation = ask()
    seen: list[tuple[str, int, bool]] = []

    def work(found: Operation, progress: Progress, moment: Any) -> Outcome:
        progress("schema", 15)
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT step, percent FROM public.tenants_operation WHERE id = %s", [str(found.pk)])
            seen.append((*cursor.fetchone(), Tenant.objects.filter(slug="ost").exists()))
        other.close()
        return Outcome(None, {})

    carry_out_operations({OperationKind.CREATE: work}, now=now())

    assert seen == [("schema", 15, False)]
    operation.refresh_from_db()
    assert operation.state == OperationState.DONE


def test_a_rule_that_says_no_is_told_in_the_language_of_who_asked(clean: None) -> None:
    operation = ask()
    Operation.objects.update(request=operation.request | {"fields": FIELDS | {"languages": []}})

    assert carry_out(now=now()) == 1

    operation.refresh_from_db()
    assert operation.state == OperationState.FAILED
    assert "mindestens eine Sprache" in operation.error
    assert not Tenant.objects.filter(slug="ost").exists()
    assert mail.outbox == []


def test_a_fault_of_ours_ends_one_operation_and_not_the_next(clean: None, caplog: pytest.LogCaptureFixture) -> None:
    broken, sound = ask("ost"), ask("west")

    def work(found: Operation, progress: Progress, moment: Any) -> Outcome:
        if found.slug == "ost":
            raise ZeroDivisionError
        return Outcome(None, {"slug": found.slug})

    assert carry_out_operations({OperationKind.CREATE: work}, now=now()) == 2

    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, sound.state) == (OperationState.FAILED, OperationState.DONE)
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivision" not in broken.error


def test_what_a_killed_worker_had_begun_is_begun_anew(clean: None) -> None:
    operation = ask()
    # A kill leaves the row as it was when the work began; the lock went with the worker's connection.
    Operation.objects.filter(pk=operation.pk).update(state=OperationState.RUNNING, step="schema", percent=15)

    assert carry_out(now=now()) == 1

    assert Tenant.objects.filter(slug="ost").exists()


def test_a_creation_is_asked_for_once_at_a_time(clean: None) -> None:
    ask()

    with pytest.raises(UnableToRequestOperation, match="being created already"):
        ask()


@pytest.mark.race
def test_of_many_workers_one_carries_an_operation_out(clean: None) -> None:
    ask()
    gate, begun, results = threading.Barrier(4), [], []

    def work(found: Operation, progress: Progress, moment: Any) -> Outcome:
        begun.append(found.pk)
        return Outcome(None, {})

    def look() -> None:
        try:
            gate.wait()
            results.append(carry_out_operations({OperationKind.CREATE: work}, now=now()))
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(results) == 1
    assert len(begun) == 1
