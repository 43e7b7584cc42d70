"""A partner's own domains: proven by a DNS record, then served (R5)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from wagtail.models import Site

from kernel.clock import now
from tenants.context import tenant_context
from tenants.errors import (
    DomainInUse,
    DomainNotProven,
    DomainNotServed,
    DomainUnknown,
    NameServersSilent,
    UnableToAddDomain,
)
from tenants.hosts import dns
from tenants.hosts.domains import add_domain, make_primary, proof_of, remove_domain, verify_domain
from tenants.lifecycle.life_cycle import rename_tenant
from tenants.models import Domain, Tenant
from tenants.selectors import history, hosts_of, tenant_url
from tests.tenants.names import NameServer, name_server

HELP = "help.nord-partner.example"
WHO = "Olga"


@pytest.fixture
def names(settings: Settings) -> Iterator[NameServer]:
    """Return a name server that is asked instead of the system's."""
    with name_server() as server:
        settings.DNS_SERVERS = [server.address]
        yield server


def served(nord: Tenant, names: NameServer, domain: str = HELP) -> Domain:
    """Add and verify a domain."""
    proof = proof_of(add_domain(tenant=nord, domain=domain, who=WHO, now=now()))
    names.records[proof.record] = [proof.value]
    return verify_domain(tenant=nord, domain=domain, who=WHO, now=now())


def status(host: str, path: str = "/health/") -> int:
    return Client(headers={"host": host}).get(path).status_code


def test_a_domain_is_served_once_its_record_holds_the_token(nord: Tenant, names: NameServer) -> None:
    domain = add_domain(tenant=nord, domain=f" {HELP.upper()}. ", who=WHO, now=now())
    proof = proof_of(domain)
    assert proof.record == f"_quartett-verify.{HELP}"
    assert status(HELP) == status("nobody.example") == 404
    names.records[proof.record] = ["v=spf1 -all", proof.value]

    verify_domain(tenant=nord, domain=HELP, who=WHO, now=now())

    assert names.asked == [proof.record]
    assert status(HELP) == 200


def test_an_unverified_host_answers_exactly_as_an_unknown_one(nord: Tenant) -> None:
    add_domain(tenant=nord, domain=HELP, who=WHO, now=now())

    unverified, unknown = (Client(headers={"host": host}).get("/en/") for host in (HELP, "nobody.example"))

    assert unverified.status_code == unknown.status_code == 404
    assert unverified.content == unknown.content
    # Each answer has a number of its own.
    del unverified.headers["X-Request-ID"], unknown.headers["X-Request-ID"]
    assert unverified.headers == unknown.headers


@pytest.mark.parametrize("found", [None, [], ["something else"], ["TOKEN plus more"]])
def test_without_the_token_nothing_is_served(nord: Tenant, names: NameServer, found: list[str] | None) -> None:
    proof = proof_of(add_domain(tenant=nord, domain=HELP, who=WHO, now=now()))
    if found is not None:
        names.records[proof.record] = [text.replace("TOKEN", proof.value) for text in found]

    with pytest.raises(DomainNotProven, match=proof.record):
        verify_domain(tenant=nord, domain=HELP, who=WHO, now=now())

    assert status(HELP) == 404


def test_the_token_of_one_domain_does_not_prove_another(nord: Tenant, sued: Tenant, names: NameServer) -> None:
    own = proof_of(add_domain(tenant=nord, domain=HELP, who=WHO, now=now()))
    other = proof_of(add_domain(tenant=sued, domain="help.sued-partner.example", who=WHO, now=now()))
    names.records[own.record] = [other.value]

    with pytest.raises(DomainNotProven):
        verify_domain(tenant=nord, domain=HELP, who=WHO, now=now())
    with pytest.raises(DomainUnknown):
        verify_domain(tenant=sued, domain=HELP, who=WHO, now=now())


def test_silent_name_servers_are_told_apart_from_a_missing_record(
    nord: Tenant, names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_domain(tenant=nord, domain=HELP, who=WHO, now=now())
    names.is_silent = True
    monkeypatch.setattr(dns, "ANSWER_TIMEOUT_S", 0.1)
    monkeypatch.setattr(dns, "ALL_TIMEOUT_S", 0.3)

    # The resolver gives up by the clock, so the clock has to run.
    with time_machine.travel(now(), tick=True):
        begun = now()
        with pytest.raises(NameServersSilent):
            verify_domain(tenant=nord, domain=HELP, who=WHO, now=now())
        assert now() - begun < timedelta(seconds=5)


@pytest.mark.parametrize(
    "typed",
    ["", "nonsense", "https://help.example.com", "help.example.com/path", "-a.example.com", "a..example.com",
     "x" * 64 + ".example.com", "help example.com", "'; DROP TABLE x; --.example.com", "127.0.0.1", "app.localhost",
     "other.localhost", "localhost"],
)  # fmt: skip
def test_what_is_no_domain_is_refused_in_words(nord: Tenant, typed: str) -> None:
    with pytest.raises(UnableToAddDomain) as refused:
        add_domain(tenant=nord, domain=typed, who=WHO, now=now())

    assert str(refused.value)
    assert hosts_of(nord).count() == 1


def test_a_domain_belongs_to_one_partner(nord: Tenant, sued: Tenant) -> None:
    add_domain(tenant=nord, domain=HELP, who=WHO, now=now())

    with pytest.raises(UnableToAddDomain, match="another partner"):
        add_domain(tenant=sued, domain=HELP, who=WHO, now=now())
    with pytest.raises(UnableToAddDomain, match="has this domain already"):
        add_domain(tenant=nord, domain=HELP, who=WHO, now=now())


def test_letters_of_the_world_become_the_names_that_name_servers_know(nord: Tenant) -> None:
    assert add_domain(tenant=nord, domain="hilfe.müller.example", who=WHO, now=now()).domain == (
        "hilfe.xn--mller-kva.example"
    )


def test_www_is_a_host_of_its_own(nord: Tenant, names: NameServer) -> None:
    served(nord, names, "www.nord-partner.example")

    assert status("www.nord-partner.example") == 200
    assert status("nord-partner.example") == status("www.nord.localhost") == 404


def test_the_main_domain_is_in_links_and_readers_of_the_others_are_led_there(nord: Tenant, names: NameServer) -> None:
    served(nord, names)
    assert tenant_url(nord) == "http://nord.localhost:8000/"
    assert status("nord.localhost", "/en/packages/") == 200

    make_primary(tenant=nord, domain=HELP, who=WHO, now=now())

    assert tenant_url(nord, "/en/") == f"http://{HELP}:8000/en/"
    answer = Client(headers={"host": "nord.localhost"}).get("/en/packages/?country=DE")
    assert answer.status_code == 301
    assert answer["Location"] == f"http://{HELP}:8000/en/packages/?country=DE"
    assert answer["Cache-Control"] == "max-age=3600"
    assert status(HELP, "/en/packages/") == 200
    assert [host.domain for host in hosts_of(nord) if host.is_primary] == [HELP]


def test_what_is_sent_off_at_another_host_is_still_taken(nord: Tenant, names: NameServer) -> None:
    served(nord, names)
    make_primary(tenant=nord, domain=HELP, who=WHO, now=now())

    answer = Client(headers={"host": "nord.localhost"}).post("/en/packages/wifi-setup/book/", {})

    assert answer.status_code == 422


def test_wagtails_site_follows_the_main_domain_and_only_this_partners(
    nord: Tenant, sued: Tenant, names: NameServer
) -> None:
    def hostname(tenant: Tenant) -> str:
        with tenant_context(tenant):
            return Site.objects.get().hostname

    served(nord, names)
    assert hostname(nord) == "nord.localhost"

    make_primary(tenant=nord, domain=HELP, who=WHO, now=now())

    assert (hostname(nord), hostname(sued)) == (HELP, "sued.localhost")


def test_an_unverified_domain_cannot_be_the_main_one(nord: Tenant) -> None:
    add_domain(tenant=nord, domain=HELP, who=WHO, now=now())

    with pytest.raises(DomainNotServed):
        make_primary(tenant=nord, domain=HELP, who=WHO, now=now())


def test_a_domain_is_removed_but_neither_the_main_one_nor_the_platforms(nord: Tenant, names: NameServer) -> None:
    served(nord, names)
    make_primary(tenant=nord, domain=HELP, who=WHO, now=now())
    for kept in (HELP, "nord.localhost"):
        with pytest.raises(DomainInUse):
            remove_domain(tenant=nord, domain=kept, who=WHO, now=now())
    make_primary(tenant=nord, domain="nord.localhost", who=WHO, now=now())

    remove_domain(tenant=nord, domain=HELP, who=WHO, now=now())

    assert status(HELP) == 404
    assert [host.domain for host in hosts_of(nord)] == ["nord.localhost"]
    with pytest.raises(DomainUnknown):
        remove_domain(tenant=nord, domain=HELP, who=WHO, now=now())


def test_a_former_host_of_the_platform_can_be_given_up(nord: Tenant) -> None:
    renamed = rename_tenant(tenant=nord, name="Nord", slug="norden", who=WHO, now=now())

    remove_domain(tenant=renamed, domain="nord.localhost", who=WHO, now=now())

    assert status("nord.localhost") == 404


def test_the_history_says_who_did_what_to_the_hosts(nord: Tenant, names: NameServer) -> None:
    served(nord, names)

    changes = [(change.who, change.field, change.after) for change in history(nord)[:2]]
    assert changes == [
        (WHO, "hosts", ["nord.localhost", HELP]),
        (WHO, "hosts", ["nord.localhost", f"({HELP})"]),
    ]


def test_the_certificate_check_knows_verified_hosts_only(nord: Tenant, names: NameServer) -> None:
    platform = Client(headers={"host": "app.localhost"})

    def asked(domain: str) -> int:
        return platform.get("/tls-check/", {"domain": domain}).status_code

    add_domain(tenant=nord, domain=HELP, who=WHO, now=now())
    assert [asked(host) for host in ("nord.localhost", "app.localhost", HELP, "nobody.example", "")] == [
        200, 200, 404, 404, 404
    ]  # fmt: skip
    served(nord, names, "second.nord-partner.example")
    assert asked("second.nord-partner.example") == 200
    at_partner = Client(headers={"host": "nord.localhost"}).get("/tls-check/?domain=nord.localhost", follow=True)
    assert at_partner.status_code == 404


def test_the_certificate_check_is_cheap_and_needs_no_session(nord: Tenant) -> None:
    client = Client(headers={"host": "app.localhost"})

    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/tls-check/?domain=nord.localhost")

    selects = [query["sql"] for query in queries if query["sql"].lstrip().startswith("SELECT")]
    # The host that is asked, and the host that is asked about.
    assert len(selects) == 2
    assert not answer.cookies
