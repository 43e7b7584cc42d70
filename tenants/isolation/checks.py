"""System checks: a setting, model or server that would let one tenant see another is refused before anything runs."""

import logging
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections

from tenants.isolation.logins import fault_of_login, fault_of_openness
from tenants.isolation.names import OWNER
from tenants.isolation.pooling import fault_of_pooling

logger = logging.getLogger(__name__)

KEY_FUNCTION = "django_tenants.cache.make_key"
# Before it a savepoint's rollback left the search path of another tenant.
OLDEST_DJANGO_TENANTS = (4, 0, 1)


@register(Tags.caches)
def check_cache_keys(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every cache keeps each schema's keys apart."""
    return [
        Error(
            f"The cache “{alias}” would share its keys between tenants.",
            hint=f'Set its "KEY_FUNCTION" to "{KEY_FUNCTION}".',
            id="tenants.E001",
        )
        for alias, cache in settings.CACHES.items()
        if cache.get("KEY_FUNCTION") != KEY_FUNCTION
    ]


@register(Tags.models)
def check_relations(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """No foreign key leads from one kind of schema to another.

    Where users live in both kinds of schema, deleting user 2 of a tenant would delete what a shared table holds of
    another user 2.
    """
    return [
        Error(
            f"{name} leads from one kind of schema to another: {why}.", hint="Keep a UUID instead.", id="tenants.E002"
        )
        for name, why in crossing_relations()
    ]


@register()
def check_apps(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every app is in one list, except those that are meant for both."""
    twice = set(settings.SHARED_APPS) & set(settings.TENANT_APPS)
    unmeant = sorted(twice ^ set(settings.BOTH_APPS))
    return [
        Error(f"The app “{name}” is in SHARED_APPS and TENANT_APPS, or in BOTH_APPS, by mistake.", id="tenants.E003")
        for name in unmeant
    ]


@register(Tags.security)
def check_cookies(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A session lives in its schema, and a cookie belongs to one host."""
    found: list[CheckMessage] = []
    if settings.SESSION_ENGINE.endswith("signed_cookies"):
        found.append(
            Error("A session that is kept in the cookie is valid at every tenant.", hint="Use db.", id="tenants.E004")
        )
    found += [
        Error(f"{name} would show one tenant's cookie to the others.", hint="Leave it None.", id="tenants.E005")
        for name in ("SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "LANGUAGE_COOKIE_DOMAIN")
        if getattr(settings, name)
    ]
    return found


@register()
def check_engine(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The engine, the router, the files and the library are those that keep tenants apart."""
    found: list[CheckMessage] = []
    for alias, database in settings.DATABASES.items():
        if database["ENGINE"] != "tenants.isolation.postgresql":
            found.append(Error(f"The database “{alias}” does not set a role for each tenant.", id="tenants.E006"))
    if "tenants.isolation.routers.SchemaRouter" not in settings.DATABASE_ROUTERS:
        found.append(Error("Rows of one tenant could be saved in another: SchemaRouter is missing.", id="tenants.E007"))
    if settings.STORAGES["default"]["BACKEND"] != "tenants.isolation.storage.TenantStorage":
        found.append(Error("Files of all tenants would lie in one folder.", id="tenants.E008"))
    if tuple(int(part) for part in version("django-tenants").split(".")[:3]) < OLDEST_DJANGO_TENANTS:
        found.append(
            Error("django-tenants is too old: a rollback could leave another tenant's path.", id="tenants.E009")
        )
    return found


@register(Tags.database)
def check_server(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The database's login has no more rights than it needs, and no pooler mixes up sessions."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    found: list[CheckMessage] = [Error(fault, id="tenants.E010") for fault in faults_of_server()]
    if fault := fault_of_openness(connections[DEFAULT_DB_ALIAS].get_connection_params()):
        found.append(CheckWarning(fault, id="tenants.W001"))
    return found


def refuse_unsafe_server() -> None:
    """Stop a process that is about to serve from a database which would mix tenants up.

    Raises ImproperlyConfigured with all that is wrong.
    """
    faults = list(faults_of_server())
    if faults:
        raise ImproperlyConfigured(" ".join(faults))
    if fault := fault_of_openness(connections[DEFAULT_DB_ALIAS].get_connection_params()):
        logger.warning(fault)


def faults_of_server() -> Iterator[str]:
    """Say what is wrong with the database behind DATABASE_URL."""
    database = connections[DEFAULT_DB_ALIAS]
    params = database.get_connection_params()
    serves = database.settings_dict["LOGIN"] != OWNER and not settings.DEBUG
    if serves and (fault := fault_of_login(params)):
        yield fault
    if fault := fault_of_pooling(params):
        yield fault


def crossing_relations() -> list[tuple[str, str]]:
    """Return the relations between the two kinds of schema that must not be, with the reason."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        source = _kinds(model._meta.app_label)
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete and field.related_model) or field.many_to_many:
                continue
            target = _kinds(field.related_model._meta.app_label)  # type: ignore[union-attr]  # a model
            if why := _fault(source, target):
                found.append((f"{model._meta.label}.{field.name}", why))
    return sorted(found)


def _fault(source: tuple[bool, bool], target: tuple[bool, bool]) -> str:
    """Say what is wrong with a relation between apps, each given as (in the public schema, in tenants' schemas)."""
    in_public, in_tenants = source
    if in_public and not target[0]:
        return "its target has no table in the public schema"
    if in_tenants and not target[1]:
        return "its target has no table in tenants' schemas"
    if not in_tenants and target[1]:
        return "its target exists in every schema with other rows"
    return ""


def _kinds(app_label: str) -> tuple[bool, bool]:
    config = apps.get_app_config(app_label)
    names = {config.name, f"{type(config).__module__}.{type(config).__qualname__}"}
    return bool(names & set(settings.SHARED_APPS)), bool(names & set(settings.TENANT_APPS))
