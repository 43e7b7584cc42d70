"""Operators suspend, rename, export and delete partners, and see to their hosts (R4, R5)."""

from pathlib import Path

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Kind, User
from kernel.clock import now
from tenants.hosts.domains import proof_of
from tenants.lifecycle.life_cycle import request_deletion
from tenants.models import Domain, Operation, OperationKind, OperationState, Tenant
from tenants.selectors import tenant_by_slug
from tests.cast import PASSWORD, Cast, book
from tests.pages import assert_valid_html
from tests.responses import streamed
from tests.tenants.names import name_server

NORD = "/en/operators/partners/nord/"
HELP = "help.nord-partner.example"


@pytest.fixture
def olga(db: None) -> User:
    """Return the operator."""
    return User.objects.create_user(
        "olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga", last_name="Muster"
    )


@pytest.fixture
def operator_client(olga: User) -> Client:
    """Return Olga, signed in on the platform host."""
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    assert_valid_html(answer)
    return answer.content.decode()


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "life-cycle/"), ("get", "hosts/"), ("post", "hosts/"), ("post", f"hosts/{HELP}/verify/"),
     ("post", f"hosts/{HELP}/primary/"), ("post", f"hosts/{HELP}/remove/"), ("post", "suspend/"), ("post", "resume/"),
     ("post", "rename/"), ("post", "export/"), ("post", "delete/"), ("post", "undelete/")],
)  # fmt: skip
def test_only_operators_come_here(nord: Tenant, friend_client: Client, method: str, path: str) -> None:
    stranger = Client(headers={"host": "app.localhost"})
    assert getattr(stranger, method)(NORD + path).status_code == 302
    assert getattr(friend_client, method)(NORD + path).status_code == 403
    assert getattr(Client(headers={"host": "nord.localhost"}), method)(NORD + path).status_code in {404, 405}


def test_an_unknown_partner_is_not_found(operator_client: Client) -> None:
    assert operator_client.get("/en/operators/partners/nobody/life-cycle/").status_code == 404
    assert operator_client.post("/en/operators/partners/platform/suspend/").status_code == 404


def test_a_partner_is_suspended_and_resumed(nord: Tenant, operator_client: Client) -> None:
    assert "Suspend the partner" in page_of(operator_client, f"{NORD}life-cycle/")

    slip = operator_client.post(f"{NORD}suspend/", {"suspend-reason": " "})
    assert (slip.status_code, "Please say why." in slip.content.decode()) == (422, True)
    assert_valid_html(slip)
    assert tenant_by_slug("nord").state == "active"
    why = {"suspend-reason": "Bills are open"}
    answer = operator_client.post(f"{NORD}suspend/", why, follow=True)
    assert "The site is closed" in answer.content.decode()
    assert tenant_by_slug("nord").state == "suspended"
    history = page_of(operator_client, f"{NORD}history/")
    assert "Reason for suspending" in history
    assert "Bills are open" in history
    again = operator_client.post(f"{NORD}suspend/", why)
    assert (again.status_code, "suspended already" in again.content.decode()) == (409, True)

    operator_client.post(f"{NORD}resume/")
    assert tenant_by_slug("nord").state == "active"


def test_a_partner_is_renamed_and_what_was_typed_stays(nord: Tenant, sued: Tenant, operator_client: Client) -> None:
    refused = operator_client.post(f"{NORD}rename/", {"rename-name": "Norden", "rename-slug": "sued"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "This name is taken." in page
    assert 'value="Norden"' in page
    assert 'aria-invalid="true"' in page
    assert_valid_html(refused)

    answer = operator_client.post(f"{NORD}rename/", {"rename-name": "Norden", "rename-slug": "norden"})

    assert answer["Location"] == "/en/operators/partners/norden/life-cycle/"
    assert tenant_by_slug("norden").name == "Norden"


def test_a_host_is_added_proven_made_the_main_one_and_removed(
    nord: Tenant, operator_client: Client, settings: Settings
) -> None:
    hosts = f"{NORD}hosts/"
    refused = operator_client.post(hosts, {"domain": "https://nonsense"})
    assert refused.status_code == 422
    assert 'value="https://nonsense"' in refused.content.decode()

    assert operator_client.post(hosts, {"domain": HELP}).status_code == 302
    domain = Domain.objects.get(domain=HELP)
    page = page_of(operator_client, hosts)
    assert proof_of(domain).record in page
    assert proof_of(domain).value in page
    with name_server() as names:
        settings.DNS_SERVERS = [names.address]
        unproven = operator_client.post(f"{hosts}{HELP}/verify/")
        assert unproven.status_code == 422
        assert "does not hold the token yet" in unproven.content.decode()
        assert_valid_html(unproven)
        names.records[proof_of(domain).record] = [proof_of(domain).value]
        assert operator_client.post(f"{hosts}{HELP}/verify/").status_code == 302
    assert operator_client.post(f"{hosts}{HELP}/primary/").status_code == 302
    kept = operator_client.post(f"{hosts}nord.localhost/remove/")
    assert (kept.status_code, "cannot be removed" in kept.content.decode()) == (409, True)
    operator_client.post(f"{hosts}nord.localhost/primary/")
    assert operator_client.post(f"{hosts}{HELP}/remove/").status_code == 302
    assert operator_client.post(f"{hosts}{HELP}/remove/").status_code == 404


def test_an_export_is_asked_for_once_and_handed_out(
    nord: Tenant, operator_client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.ARCHIVES = tmp_path
    asked = operator_client.post(f"{NORD}export/")
    operator_client.post(f"{NORD}export/")

    operation = Operation.objects.get(kind=OperationKind.EXPORT)
    assert asked["Location"] == f"/en/operators/operations/{operation.pk}/"
    address = f"/en/operators/archives/{operation.pk}/"
    assert operator_client.get(address).status_code == 404
    (tmp_path / "nord.zip").write_bytes(b"archive")
    Operation.objects.filter(pk=operation.pk).update(
        state=OperationState.DONE, result={"file": "../nord.zip", "size": 7}
    )
    assert "Download" in page_of(operator_client, f"{NORD}life-cycle/")
    assert f'href="{address}"' in page_of(operator_client, asked["Location"])
    answer = operator_client.get(address)
    assert streamed(answer) == b"archive"
    assert answer["Cache-Control"].startswith("max-age=0")
    assert Client(headers={"host": "app.localhost"}).get(address).status_code == 302


def test_deleting_wants_the_short_name_and_no_open_jobs(nord: Tenant, four_near: Cast, operator_client: Client) -> None:
    book(nord)
    wrong = operator_client.post(f"{NORD}delete/", {"delete-confirm": "sued"})
    assert wrong.status_code == 422
    assert "not the short name of this partner" in wrong.content.decode()
    open_jobs = operator_client.post(f"{NORD}delete/", {"delete-confirm": "nord"})
    assert (open_jobs.status_code, "1 job of this partner" in open_jobs.content.decode()) == (409, True)
    assert tenant_by_slug("nord").state == "active"

    operator_client.post(f"{NORD}delete/", {"delete-confirm": "nord", "delete-even_with_open_jobs": "on"})

    assert tenant_by_slug("nord").state == "leaving"


def test_a_leaving_partner_shows_its_day_and_can_be_kept(
    nord: Tenant, operator_client: Client, clock: time_machine.Coordinates
) -> None:
    request_deletion(tenant=nord, who="Olga", now=now())
    page = page_of(operator_client, f"{NORD}life-cycle/")
    assert "24 December 2026" in page
    assert "Delete the partner" not in page
    again = operator_client.post(f"{NORD}delete/", {"delete-confirm": "nord"})
    assert again.status_code == 409

    operator_client.post(f"{NORD}undelete/")

    assert tenant_by_slug("nord").state == "active"
