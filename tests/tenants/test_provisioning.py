"""A partner is born in a second, complete, or not at all (R1, R3, R4)."""

import multiprocessing
import os
import signal
import threading
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test import Client
from django_tenants.utils import schema_exists
from wagtail.models import Locale, Page, Site

from catalog.models import Package, Price
from tenants.context import tenant_context
from tenants.errors import TemplateOutOfDate, UnableToCreateTenant
from tenants.isolation.names import TEMPLATE_SCHEMA, role_for
from tenants.lifecycle.provisioning import make_schema, provision_tenant
from tenants.lifecycle.template import template_sql
from tenants.models import Domain, Template, Tenant
from tests.databases import as_app
from tests.tenants.catalogs import QUERIES, catalog_of

OST: dict[str, Any] = {
    "slug": "ost",
    "name": "Ost",
    "countries": ["AT"],
    "languages": ["de", "pl"],
    "default_language": "de",
}


def traces_of(slug: str) -> list[str]:
    """Return what there is of a partner: schema, role, rows."""
    schema = f"t_{slug.replace('-', '_')}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role_for(schema)])
        has_role = cursor.fetchone() is not None
    found = {
        "schema": schema_exists(schema),
        "role": has_role,
        "tenant": Tenant.objects.filter(slug=slug).exists(),
        "domain": Domain.objects.filter(domain__startswith=f"{slug}.").exists(),
    }
    return [name for name, is_there in found.items() if is_there]


def test_a_cloned_schema_is_the_migrated_one_to_the_last_dependency(owner: None) -> None:
    make_schema("t_compared", template_sql())
    try:
        cloned, migrated = catalog_of("t_compared"), catalog_of(TEMPLATE_SCHEMA)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA t_compared CASCADE")

    for part in (*QUERIES, "rows"):
        assert cloned[part] == migrated[part], part
    assert len(cloned["pg_class"]) > 300
    assert not [row for row in cloned["pg_depend"] if TEMPLATE_SCHEMA in repr(row)]


def test_the_comparison_sees_a_difference(owner: None) -> None:
    make_schema("t_compared", template_sql())
    try:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE t_compared.catalog_package RENAME CONSTRAINT package_takes_time TO other_name")
        cloned, migrated = catalog_of("t_compared"), catalog_of(TEMPLATE_SCHEMA)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA t_compared CASCADE")

    assert cloned["pg_constraint"] != migrated["pg_constraint"]


def test_a_new_partner_is_served_at_once(owner: None) -> None:
    tenant = provision_tenant(**OST, email="hallo@ost.example", brand_colour="#225588")

    with tenant_context(tenant):
        assert set(Locale.objects.values_list("language_code", flat=True)) == {"de", "pl"}
        assert Site.objects.get().hostname == "ost.localhost"
        assert Package.objects.count() == 6
        assert not Package.objects.filter(is_open=True).exists()
        assert set(Price.objects.values_list("country", "currency")) == {("AT", "EUR")}
        keys = set(Page.objects.values_list("translation_key", flat=True))
    visitor = Client(headers={"host": "ost.localhost"})
    for path in ("/de/", "/pl/", "/de/packages/", "/de/imprint/", "/pl/privacy/"):
        assert visitor.get(path).status_code == 200, path
    with tenant_context(Tenant.objects.get(slug="nord")):
        assert not keys & set(Page.objects.values_list("translation_key", flat=True))


def test_the_web_has_its_rights_in_the_new_schema_and_no_other(owner: None) -> None:
    tenant = provision_tenant(**OST)

    with as_app(), tenant_context(tenant), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema()")
        assert cursor.fetchone() == (role_for("t_ost"), "t_ost")
        assert Package.objects.update(sort_order=1) == 6
        with pytest.raises(ProgrammingError, match="permission denied for schema t_nord"):
            cursor.execute("SELECT 1 FROM t_nord.catalog_package")


@pytest.mark.parametrize("step", ["register", "schema", "rights", "first_rows", "done"])
def test_a_failure_at_any_step_leaves_nothing_behind(owner: None, step: str) -> None:
    def stumble(name: str, percent: int) -> None:
        if name == step:
            raise RuntimeError(name)

    with pytest.raises(RuntimeError):
        provision_tenant(**OST, progress=stumble)

    assert traces_of("ost") == []
    assert traces_of("nord") == ["schema", "role", "tenant", "domain"]


def test_progress_is_told_and_only_grows(owner: None) -> None:
    told: list[int] = []

    provision_tenant(**OST, progress=lambda _step, percent: told.append(percent))

    assert told == sorted(told)
    assert told[-1] == 100
    assert len(told) >= 5


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("admin", "reserved"),
        ("www", "reserved"),
        ("nord", "taken"),
        ("Ost", "lowercase letters"),
        ("o" * 41, "40"),
        ("", "lowercase letters"),
        ('x"; DROP SCHEMA t_nord; --', "lowercase letters"),
        ("1st", "lowercase letters"),
        ("ost\n", "lowercase letters"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_words_about_it(owner: None, slug: str, words: str) -> None:
    with pytest.raises(UnableToCreateTenant) as refused:
        provision_tenant(**(OST | {"slug": slug}))

    assert words in str(refused.value.fields["slug"])
    assert Tenant.objects.count() == 3


def test_a_schema_that_nobody_owns_is_not_taken_over(owner: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA t_ost")
    try:
        with pytest.raises(UnableToCreateTenant) as refused:
            provision_tenant(**OST)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA t_ost")

    assert "taken" in str(refused.value.fields["slug"])


def test_a_template_of_other_migrations_is_not_used(owner: None) -> None:
    found = Template.objects.get()
    Template.objects.update(fingerprint="of yesterday")
    try:
        with pytest.raises(TemplateOutOfDate):
            provision_tenant(**OST)
    finally:
        Template.objects.update(fingerprint=found.fingerprint)

    assert traces_of("ost") == []


@pytest.mark.race
def test_of_two_creations_with_one_name_at_once_one_wins(owner: None) -> None:
    gate = threading.Barrier(4)
    results: list[object] = [None] * 4

    def create(place: int) -> None:
        try:
            gate.wait()
            results[place] = provision_tenant(**OST)
        except Exception as error:  # the test looks at whatever it was
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=create, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [type(result) for result in results].count(Tenant) == 1
    assert [type(result) for result in results].count(UnableToCreateTenant) == 3
    assert traces_of("ost") == ["schema", "role", "tenant", "domain"]


@pytest.mark.race
def test_a_killed_creation_leaves_nothing_behind(owner: None) -> None:
    connection.close()
    context = multiprocessing.get_context("fork")
    reached = context.Event()

    def create() -> None:
        def stop(name: str, percent: int) -> None:
            if name == "first_rows":
                reached.set()
                signal.pause()

        provision_tenant(**OST, progress=stop)

    process = context.Process(target=create)
    process.start()
    assert reached.wait(30)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()

    # The server ends the dead process' transaction; a new creation waits for that on the unique name.
    tenant = provision_tenant(**OST)

    assert tenant.slug == "ost"
    assert traces_of("ost") == ["schema", "role", "tenant", "domain"]
