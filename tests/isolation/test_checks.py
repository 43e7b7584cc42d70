"""Settings, models and servers that would let tenants see each other are refused (R3)."""

from collections.abc import Callable
from typing import Any

import psycopg2
import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django.fixtures import Settings

from tenants.isolation import checks
from tenants.isolation.logins import fault_of_login


def ids(found: list[Any]) -> set[str]:
    return {message.id for message in found}


def test_the_house_passes_all_checks(db: None) -> None:
    assert [message for message in run_checks(databases=["default"]) if str(message.id).startswith("tenants.")] == []


@pytest.mark.parametrize(
    ("check", "change", "expected"),
    [
        (checks.check_cache_keys, {"CACHES": {"other": {"BACKEND": "x"}}}, "tenants.E001"),
        (checks.check_apps, {"BOTH_APPS": []}, "tenants.E003"),
        (checks.check_cookies, {"SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies"}, "tenants.E004"),
        (checks.check_cookies, {"SESSION_COOKIE_DOMAIN": ".localhost"}, "tenants.E005"),
        (checks.check_cookies, {"CSRF_COOKIE_DOMAIN": ".localhost"}, "tenants.E005"),
        (checks.check_engine, {"DATABASE_ROUTERS": []}, "tenants.E007"),
        (checks.check_engine, {"STORAGES": {"default": {"BACKEND": "x"}}}, "tenants.E008"),
    ],
)
def test_a_setting_that_leaks_is_refused(
    settings: Settings, check: Callable[..., Any], change: dict[str, Any], expected: str
) -> None:
    for name, value in change.items():
        setattr(settings, name, value)

    assert ids(check(None)) == {expected}


def test_an_engine_without_roles_is_refused(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django_tenants.postgresql_backend")

    assert ids(checks.check_engine(None)) == {"tenants.E006"}


def test_an_old_django_tenants_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "version", lambda _name: "3.9.0")

    assert ids(checks.check_engine(None)) == {"tenants.E009"}


def test_a_foreign_key_between_the_kinds_of_schema_is_refused(settings: Settings) -> None:
    """Friends in both kinds of schema, content types in tenants only: what points to them would break."""
    assert checks.crossing_relations() == []

    settings.TENANT_APPS = [*settings.TENANT_APPS, "crowd"]
    settings.SHARED_APPS = [app for app in settings.SHARED_APPS if app != "django.contrib.contenttypes"]

    found = dict(checks.crossing_relations())
    # A job of the shared dispatch would name a friend of whichever schema is in use.
    assert found["dispatch.Offer.friend"] == "its target exists in every schema with other rows"
    assert found["auth.Permission.content_type"] == "its target has no table in the public schema"


def test_the_owners_login_may_not_serve(db: None, settings: Settings) -> None:
    params = connection.get_connection_params()
    assert fault_of_login(params) == ""

    owner = params | {"user": settings.OWNER_DATABASE["USER"], "password": settings.OWNER_DATABASE["PASSWORD"]}
    fault = fault_of_login(owner)

    assert fault.startswith(f"The login “{owner['user']}” of DATABASE_URL can do more than serve")


def test_a_process_with_the_wrong_login_ends_with_one_line(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "fault_of_login", lambda _params: "The login is wrong.")

    with pytest.raises(ImproperlyConfigured, match=r"^The login is wrong\.$"):
        checks.refuse_unsafe_server()


def test_a_login_without_roles_reads_nothing(db: None) -> None:
    raw = psycopg2.connect(**connection.get_connection_params())
    with raw.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute("SELECT 1 FROM public.tenants_tenant")
    raw.close()
