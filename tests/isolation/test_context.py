"""Contexts, threads, callbacks and rows: work stays in the schema it was meant for (R3)."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import StringIO

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import DataError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from accounts.models import User
from catalog.models import Package, Question
from kernel.logs import LineFormatter
from tenants.context import (
    current_tenant,
    in_this_schema,
    on_commit_in_this_schema,
    platform_context,
    tenant_context,
)
from tenants.errors import ForeignRow
from tenants.isolation.names import role_for
from tenants.models import Tenant
from tests.isolation.conftest import in_thread


def mails() -> list[str]:
    return sorted(User.objects.filter(kind="staff").values_list("email", flat=True))


def where() -> tuple[str, str]:
    """Return role and schema as the database knows them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema()")
        role, schema = cursor.fetchone()
    return role, schema


def test_entering_sets_role_and_schema_and_leaving_resets_both(nord: Tenant) -> None:
    with tenant_context(nord):
        assert where() == (role_for("t_nord"), "t_nord")
    assert where() == (role_for("public"), "public")


def test_entering_the_schema_that_one_is_in_says_nothing_again(nord: Tenant, sued: Tenant) -> None:
    with tenant_context(sued), tenant_context(nord):
        where()
        with CaptureQueriesContext(connection) as queries, tenant_context(nord):
            assert where() == (role_for("t_nord"), "t_nord")
        assert len(queries) == 1
        with CaptureQueriesContext(connection) as queries, tenant_context(sued):
            assert where() == (role_for("t_sued"), "t_sued")
        assert len(queries) == 2


def test_every_request_tells_the_database_its_schema_whatever_was_said_before(visitor: Client) -> None:
    for host in ("nord.localhost", "app.localhost", "app.localhost"):
        with CaptureQueriesContext(connection) as queries:
            visitor.get("/en/", headers={"host": host})
        assert queries.captured_queries[0]["sql"].startswith(f'SET ROLE "{role_for("public")}"')


def test_an_error_leaves_the_tenant(nord: Tenant) -> None:
    with pytest.raises(ZeroDivisionError), tenant_context(nord):
        raise ZeroDivisionError
    assert where() == (role_for("public"), "public")


def test_a_rollback_to_a_savepoint_keeps_the_tenant(nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        with suppress(ZeroDivisionError), transaction.atomic():
            with tenant_context(sued):
                assert where()[1] == "t_sued"
            raise ZeroDivisionError
        assert where() == (role_for("t_nord"), "t_nord")


def test_a_schema_that_does_not_exist_raises_and_shows_nothing_of_the_platform(db: None) -> None:
    with pytest.raises(DataError, match="does not exist"), transaction.atomic(), schema_context("t_nobody"):
        list(User.objects.all())

    assert where() == (role_for("public"), "public")


def test_the_shared_list_of_with_tenant_is_out_of_reach(nord: Tenant) -> None:
    with pytest.raises(TypeError, match="tenant_context"), nord:  # type: ignore[attr-defined]  # it refuses
        pass


def test_a_thread_begins_on_the_platform_and_carries_the_tenant_where_it_is_told(nord: Tenant) -> None:
    with tenant_context(nord):
        control = in_thread(lambda: connection.schema_name)  # type: ignore[attr-defined]  # of django-tenants
        carried = in_thread(in_this_schema(lambda: (connection.schema_name, mails())))  # type: ignore[attr-defined]  # of django-tenants

    assert control == "public"
    assert carried == ("t_nord", ["manager@nord.example"])


def test_a_pool_of_threads_keeps_two_tenants_apart(nord: Tenant, sued: Tenant) -> None:
    with ThreadPoolExecutor(2) as pool:
        asked = []
        for _round in range(20):
            for tenant in (nord, sued):
                with tenant_context(tenant):
                    asked.append((tenant.slug, pool.submit(in_this_schema(mails))))
        for slug, answer in asked:
            assert answer.result() == [f"manager@{slug}.example"]


def test_asyncio_threads_keep_the_tenant(nord: Tenant) -> None:
    with tenant_context(nord):
        act = in_this_schema(lambda: (connection.schema_name, threading.get_ident()))  # type: ignore[attr-defined]  # of django-tenants

    # In a thread of its own: the browser driver's loop may run in this one.
    with ThreadPoolExecutor(1) as pool:
        schema, thread = pool.submit(lambda: asyncio.run(asyncio.to_thread(act))).result()

    assert (schema, thread != threading.get_ident()) == ("t_nord", True)


def test_carried_work_closes_the_connection_of_its_thread_only(nord: Tenant) -> None:
    with tenant_context(nord):
        act = in_this_schema(mails)

    def run() -> object:
        act()
        return connection.connection

    assert in_thread(run) is None
    act()
    assert connection.connection is not None


def test_what_happens_on_commit_happens_in_the_tenant(nord: Tenant, django_capture_on_commit_callbacks: object) -> None:
    seen: list[str] = []
    with django_capture_on_commit_callbacks(execute=True), tenant_context(nord):  # type: ignore[operator]
        on_commit_in_this_schema(lambda: seen.append(connection.schema_name))  # type: ignore[attr-defined]  # of django-tenants
        transaction.on_commit(lambda: seen.append(f"control {connection.schema_name}"))  # type: ignore[attr-defined]  # of django-tenants

    assert seen == ["t_nord", "control public"]
    assert current_tenant() is None


def test_a_row_of_one_tenant_is_not_saved_in_another(nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        package = Package.objects.get()
    with tenant_context(sued):
        package.name_en = "Of Nord"
        for act in (package.save, package.delete, package.refresh_from_db):
            with pytest.raises(ForeignRow, match="Package of t_nord cannot be used in t_sued"):
                act()
        assert Package.objects.get().name_en == "Wi-Fi set-up"


def test_a_row_of_one_tenant_asks_nothing_in_another(nord: Tenant, sued: Tenant) -> None:
    """This also catches a lazy queryset that leaves its tenant through a row."""
    with tenant_context(nord):
        package = Package.objects.get()
        questions = package.questions.all()
    with tenant_context(sued), pytest.raises(ForeignRow):
        list(questions)


def test_a_row_never_points_to_one_of_another_tenant(nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        package = Package.objects.get()
    with tenant_context(sued):
        question = Question.objects.first()
        assert question is not None
        with pytest.raises(ValueError, match="router prevents"):
            question.package = package


def test_a_user_of_the_platform_is_not_saved_in_a_tenant(nord: Tenant) -> None:
    with platform_context():
        user = User.objects.create_user("operator@quartett.example", "a long password")
    with tenant_context(nord), pytest.raises(ForeignRow):
        user.save()


def test_a_pickled_row_keeps_its_tenant(valkey: object, nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        cache.set("package", Package.objects.get())
        package = cache.get("package")
    with tenant_context(sued), pytest.raises(ForeignRow):
        package.save()


def test_a_row_of_a_shared_table_may_be_used_everywhere(nord: Tenant) -> None:
    with tenant_context(nord):
        nord.refresh_from_db()
        assert nord.domains.count() == 1


def test_every_line_of_the_log_names_its_tenant(nord: Tenant, sued: Tenant) -> None:
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(LineFormatter(settings.LOGGING["formatters"]["line"]["format"]))
    logger = logging.getLogger("tests.isolation")
    logger.addHandler(handler)
    try:
        logger.warning("outside")
        with tenant_context(nord):
            logger.warning("inside")
            with tenant_context(sued):
                thread = in_this_schema(lambda: logger.warning("in a thread"))
            in_thread(thread)
    finally:
        logger.removeHandler(handler)

    assert out.getvalue().splitlines() == [
        "WARNING tests.isolation [public - -] outside",
        "WARNING tests.isolation [t_nord - -] inside",
        "WARNING tests.isolation [t_sued - -] in a thread",
    ]
