"""What a process keeps of partners: frozen, bounded, by schema and version, safe in threads (R3)."""

import sys
import threading
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import cast
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from catalog.models import Package
from storefront.catalogue.views import package
from tenants.context import tenant_context
from tenants.hosts.serving import tenant_at
from tenants.isolation.kept import FACTS, KEPT, PARTNERS, Kept, is_frozen, kept
from tenants.models import Tenant
from tenants.requests import Request

PATHS = ["/de/", "/de/packages/", "/de/packages/wifi-setup/"]


@dataclass(frozen=True)
class Frozen:
    words: tuple[str, ...]
    more: object = None


@dataclass
class Thawed:
    words: str = ""


def test_a_fact_is_made_once_a_version() -> None:
    holder, version, made = Kept(partners=2, facts=2), uuid4(), []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [holder.fact("t_a", version, "price", make) for _time in range(3)] == [1, 1, 1]
    assert holder.fact("t_a", uuid4(), "price", make) == 2
    assert holder.fact("t_b", version, "price", make) == 3


def test_only_so_many_facts_of_so_many_partners_are_kept_and_the_least_asked_go_first() -> None:
    holder, version = Kept(partners=2, facts=2), uuid4()
    for schema, name in (("t_a", 1), ("t_b", 1), ("t_b", 2), ("t_b", 1), ("t_b", 3), ("t_c", 1), ("t_b", 1)):
        holder.fact(schema, version, name, lambda: "kept")

    assert holder.sizes() == {"t_c": 1, "t_b": 2}
    assert holder.fact("t_b", version, 1, lambda: "made anew") == "kept"
    assert holder.fact("t_b", version, 2, lambda: "made anew") == "made anew"
    assert (PARTNERS, FACTS) == (200, 500)


@pytest.mark.parametrize(
    "value", ["text", 1, None, (), ("a", (1, None)), Frozen(("a",)), MappingProxyType({"a": Frozen(())})]
)
def test_what_cannot_be_changed_may_be_kept(value: object) -> None:
    assert is_frozen(value)


@pytest.mark.parametrize("value", [[], {}, ("a", []), Thawed(), Frozen((), Thawed()), MappingProxyType({"a": [1]})])
def test_what_can_be_changed_is_not_kept(value: object) -> None:
    holder = Kept(partners=1, facts=1)

    with pytest.raises(TypeError, match="can be changed"):
        holder.fact("t_a", uuid4(), "fact", lambda: value)

    assert holder.sizes() == {"t_a": 0}


def test_threads_that_ask_at_once_see_their_own_partner_and_version() -> None:
    holder, versions = Kept(partners=3, facts=5), [uuid4() for _turn in range(4)]
    wrong: list[object] = []

    def ask(schema: str) -> None:
        for turn in range(2_000):
            asked = (schema, versions[turn % 4], turn % 7)
            found = holder.fact(*asked, partial(tuple, asked))
            if found != asked:
                wrong.append((asked, found))

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=ask, args=[f"t_{number % 4}"]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)

    assert not wrong
    sizes = holder.sizes()
    assert len(sizes) <= 3
    assert max(sizes.values()) <= 5


def test_a_request_that_writes_keeps_nothing(nord: Tenant) -> None:
    KEPT.clear()
    request = cast(Request, RequestFactory().post("/"))
    request.tenant = nord
    with tenant_context(nord):
        assert kept(request, "fact", lambda: "made") == "made"

    assert KEPT.sizes() == {}


def test_a_fact_is_not_made_in_the_schema_of_another(nord: Tenant, sued: Tenant) -> None:
    request = cast(Request, RequestFactory().get("/"))
    request.tenant = nord

    with tenant_context(sued), pytest.raises(RuntimeError, match="facts of t_nord"):
        package(request, "wifi-setup")


def test_each_request_has_a_tenant_of_its_own(nord: Tenant) -> None:
    connection.set_schema_to_public()  # type: ignore[attr-defined]  # of django-tenants
    first, _is_primary = tenant_at("nord.localhost") or pytest.fail("unknown")
    first.name = "Changed in memory"
    first.languages.append("pl")
    second, _is_primary = tenant_at("nord.localhost") or pytest.fail("unknown")

    assert (second.pk, second.name, second.languages) == (nord.pk, nord.name, nord.languages)


def test_a_host_that_is_unknown_or_not_verified_is_nobodys(nord: Tenant) -> None:
    connection.set_schema_to_public()  # type: ignore[attr-defined]  # of django-tenants
    nord.domains.filter(domain="nord.localhost").update(is_verified=False)

    assert tenant_at("nord.localhost") is None
    assert tenant_at("who.localhost") is None


@pytest.mark.parametrize("path", PATHS)
def test_two_partners_in_turn_see_their_own(nord: Tenant, sued: Tenant, path: str) -> None:
    """The same paths, packages and ids at both; what is kept of one is never shown by the other."""
    for tenant, name in ((nord, "Nur im Norden"), (sued, "Nur im Süden")):
        with tenant_context(tenant):
            Package.objects.filter(slug="wifi-setup").update(name_de=name, is_open=True)
    clients = {tenant.slug: Client(headers={"host": f"{tenant.slug}.localhost"}) for tenant in (nord, sued)}
    seen: dict[str, list[str]] = {"nord": [], "sued": []}
    for _turn in range(3):
        for slug, client in clients.items():
            seen[slug].append(client.get(path).content.decode())

    for own, foreign, slug, other in (("Norden", "Süden", "nord", sued), ("Süden", "Norden", "sued", nord)):
        assert all(f"Nur im {own}" in page and foreign not in page for page in seen[slug])
        assert all(other.name not in page for page in seen[slug])


def test_two_partners_in_threads_see_their_own(nord: Tenant, sued: Tenant) -> None:
    KEPT.clear()
    names = {"nord": (nord.name, sued.name), "sued": (sued.name, nord.name)}
    wrong: list[str] = []

    def visit(slug: str) -> None:
        own, foreign = names[slug]
        client = Client(headers={"host": f"{slug}.localhost"})
        try:
            for path in PATHS * 3:
                page = client.get(path).content.decode()
                if own not in page or foreign in page:
                    wrong.append(f"{slug}{path}")
        finally:
            connection.close()

    threads = [threading.Thread(target=visit, args=[slug]) for slug in ("nord", "sued") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not wrong
    assert set(KEPT.sizes()) == {"t_nord", "t_sued"}
