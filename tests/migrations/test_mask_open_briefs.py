"""Jobs that were open when answers were copied as typed are masked by a migration, beside a running system."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from crowd.models import Friend
from dispatch.models import Job
from journeys.order.finding.accept_offer import accept_offer
from kernel.clock import now
from kernel.hiding.masking import HIDDEN
from orders.models import Order
from tenants.models import Tenant
from tests.cast import book, register_friend
from tests.databases import as_owner, forget_committed

TYPED = "Ring at Lovelace, Invalidenstr. 1, or call 0171 2345678"
migration = import_module("dispatch.migrations.0008_mask_open_briefs")


@pytest.fixture
def nord_committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Tenant]:
    """Let orders be committed, for the owner's connection must see them, and undo them afterwards."""
    with django_db_blocker.unblock():
        nord = Tenant.objects.get(slug="nord")
        yield nord
        forget_committed(nord)


def old_job(nord: Tenant) -> Order:
    """Return an order whose job holds an answer as typed, as all did before."""
    order = book(nord)
    job = Job.objects.get(pk=order.placed_job_id)
    brief = [{**row, "answer": TYPED} if row["answer"] == "The signal is weak." else row for row in job.brief]
    assert brief != job.brief
    Job.objects.filter(pk=job.pk).update(brief=brief)
    return order


def brief_of(order: Order) -> str:
    """Return the words of a job as the table holds them."""
    return str(Job.objects.get(pk=order.placed_job_id).brief)


def migrate() -> None:
    """Run the migration with the owner's login."""
    with as_owner():
        migration.mask_open_briefs(apps, connection.schema_editor())


def test_only_what_nobody_has_accepted_is_masked_and_twice_changes_nothing(
    nord_committed: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "BATCH", 1)
    ben: Friend = register_friend("Ben", km=1, communities=[nord_committed.pk])
    first, second, accepted = (old_job(nord_committed) for _ in range(3))
    accept_offer(job_id=accepted.placed_job_id, friend_id=ben.pk, now=now())

    migrate()

    for order in (first, second):
        assert HIDDEN in brief_of(order)
        for told in ("Lovelace", "Invalidenstr", "2345678"):
            assert told not in brief_of(order)
    assert TYPED in brief_of(accepted)
    masked = brief_of(first)
    migrate()
    assert brief_of(first) == masked


def test_a_migration_that_was_stopped_goes_on_where_it_was(
    nord_committed: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "BATCH", 1)
    register_friend("Ben", km=1, communities=[nord_committed.pk])
    orders = [old_job(nord_committed) for _ in range(2)]
    whole = migration._mask_batch
    done: list[object] = []

    def stopped_after_one(*args: object) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(args)
        whole(*args)

    monkeypatch.setattr(migration, "_mask_batch", stopped_after_one)
    with pytest.raises(KeyboardInterrupt):
        migrate()
    assert sorted(TYPED in brief_of(order) for order in orders) == [False, True]

    monkeypatch.setattr(migration, "_mask_batch", whole)
    migrate()
    assert not any(TYPED in brief_of(order) for order in orders)
