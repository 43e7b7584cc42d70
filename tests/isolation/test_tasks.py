"""Tasks and commands run in the schema they were sent from, or not at all (R3)."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker
from wagtail.models import Page

from accounts.models import User
from cms.tasks import publish_scheduled
from config.celery import app as shipped
from config.commands import Commands, is_for_tenants
from config.settings import base
from kernel.clock import now
from tenants.context import platform_context, tenant_context
from tenants.errors import WrongSchema
from tenants.isolation.tasks_base import HEADER, PlatformTask, SchemaTask, TenantTask
from tenants.models import Tenant
from tenants.selectors import tenant_by_slug
from tests.running import wait_until

SEEN: list[Any] = []


def look(**kwargs: Any) -> None:
    """Note where this runs and whose users are there."""
    mails = list(User.objects.filter(kind="staff").values_list("email", flat=True))
    SEEN.append((connection.schema_name, mails))  # type: ignore[attr-defined]  # of django-tenants


def stray(**kwargs: Any) -> None:
    """Go to another schema and fail there."""
    connection.set_schema("t_sued")  # type: ignore[attr-defined]  # of django-tenants
    SEEN.append("stray")
    raise ZeroDivisionError


@pytest.fixture
def app() -> Celery:
    """Return an application like ours, whose queue nobody else works on."""
    SEEN.clear()
    queue = f"isolation-{uuid4()}"
    made = type(shipped)("isolation", broker=base.CELERY_BROKER_URL, set_as_current=False, task_cls=SchemaTask)
    made.conf.update(task_default_queue=queue, task_ignore_result=True, broker_connection_retry_on_startup=True)
    made.task(look, name="look_tenant", base=TenantTask)
    made.task(look, name="look_platform", base=PlatformTask)
    made.task(stray, name="stray", base=TenantTask)
    made.task(look, name="look_carelessly")
    return made


@pytest.fixture
def worker(app: Celery, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Celery]:
    """Run a real worker on the real broker, in a thread with a connection of its own."""
    with django_db_blocker.unblock(), start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
        yield app


def test_every_task_of_ours_is_the_platforms_or_a_tenants() -> None:
    shipped.loader.import_default_modules()
    own = [task for name, task in shipped.tasks.items() if not name.startswith(("celery.", "wagtail"))]

    assert len(own) >= 4
    assert [task.name for task in own if not isinstance(task, TenantTask | PlatformTask)] == []


def test_a_worker_runs_each_message_where_it_was_sent_and_refuses_the_rest(worker: Celery) -> None:
    nord, sued = tenant_by_slug("nord"), tenant_by_slug("sued")
    with tenant_context(nord):
        worker.tasks["look_tenant"].delay()
        worker.tasks["stray"].delay()
        # Refused: the platform's task from a tenant.
        worker.tasks["look_platform"].delay()
        worker.tasks["look_carelessly"].delay()
    # Refused: no schema, a schema that does not exist, a tenant's task from the platform.
    worker.send_task("look_tenant", headers={HEADER: ""})
    worker.send_task("look_tenant", headers={HEADER: "t_nobody"})
    worker.tasks["look_tenant"].delay()
    # The task before it has gone to another schema and failed.
    worker.tasks["look_platform"].delay()
    with tenant_context(sued):
        worker.tasks["look_tenant"].delay()

    wait_until(lambda: len(SEEN) >= 4)

    assert SEEN == [
        ("t_nord", ["manager@nord.example"]),
        "stray",
        ("public", []),
        ("t_sued", ["manager@sued.example"]),
    ]


def test_a_message_without_a_schema_is_refused_loudly(app: Celery, nord: Tenant) -> None:
    refused = app.tasks["look_tenant"].apply(headers={HEADER: "t_nobody"})
    with pytest.raises(WrongSchema, match="names the schema t_nobody, which does not exist"):
        refused.get()
    with pytest.raises(WrongSchema, match="names no schema"):
        app.tasks["look_platform"].apply(headers={HEADER: ""}).get()
    assert SEEN == []


def test_a_task_of_the_other_kind_is_refused_even_when_called(app: Celery, nord: Tenant) -> None:
    with pytest.raises(WrongSchema, match="sent from the platform"):
        app.tasks["look_tenant"]()
    with tenant_context(nord):
        with pytest.raises(WrongSchema, match="sent from t_nord"):
            app.tasks["look_platform"]()
        app.tasks["look_tenant"]()
    assert SEEN == [("t_nord", ["manager@nord.example"])]


def due_page(tenant: Tenant) -> Page:
    """Have a page that should have been published a minute ago."""
    with tenant_context(tenant):
        page = Page.objects.get(slug="imprint", locale__language_code="de").specific
        page.title = "Published on time"
        page.go_live_at = now() - timedelta(minutes=1)
        revision = page.save_revision(approved_go_live_at=page.go_live_at)
        assert revision.approved_go_live_at
    return page


def title(tenant: Tenant, page: Page) -> str:
    with tenant_context(tenant):
        return Page.objects.get(pk=page.pk).title


def test_scheduled_pages_are_published_at_every_tenant(nord: Tenant, sued: Tenant) -> None:
    pages = {tenant: due_page(tenant) for tenant in (nord, sued)}

    assert publish_scheduled() == 0

    assert [title(tenant, page) for tenant, page in pages.items()] == ["Published on time"] * 2


def test_one_failing_tenant_does_not_stop_the_others(
    nord: Tenant, sued: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_at_nord(name: str, **options: Any) -> None:
        if connection.schema_name == "t_nord":  # type: ignore[attr-defined]  # of django-tenants
            raise ZeroDivisionError
        call_command(name, **options)

    monkeypatch.setattr("cms.tasks.call_command", fail_at_nord)
    page = due_page(sued)

    assert publish_scheduled() == 1

    assert title(sued, page) == "Published on time"


def test_a_command_runs_inside_every_tenant(nord: Tenant, sued: Tenant) -> None:
    out = StringIO()
    call_command("for_each_tenant", "rebuild_references_index", stdout=out)

    assert [line for line in out.getvalue().splitlines() if line.endswith(":")] == ["nord:", "sued:"]
    with platform_context():
        assert connection.schema_name == "public"  # type: ignore[attr-defined]  # of django-tenants


def test_a_command_runs_in_named_tenants_only_and_an_unknown_one_is_named(nord: Tenant, sued: Tenant) -> None:
    out = StringIO()
    call_command("for_each_tenant", "--only", "sued", "purge_revisions", stdout=out)
    assert "nord:" not in out.getvalue()

    with pytest.raises(CommandError, match="no such tenant: nobody"):
        call_command("for_each_tenant", "--only", "nobody", "purge_revisions")


@pytest.mark.parametrize("name", ["publish_scheduled", "update_index", "rebuild_references_index", "purge_revisions"])
def test_a_tenants_command_on_the_platform_is_refused_with_the_way_to_do_it(name: str) -> None:
    with pytest.raises(SystemExit, match=f"Run it for all of them: manage.py for_each_tenant {name}"):
        Commands(["manage.py", name]).fetch_command(name)
    assert not is_for_tenants("check")
