"""A manager reads the partner's own accounts in the platform's books, and nobody else's (R19, R3)."""

import re
from html import unescape

import pytest
from django.test import Client

from crowd.models import Friend
from ledger import chart
from ledger.events import card_paid, job_done, overflow_shared
from ledger.models import Account
from ledger.services import post
from tenants.models import Tenant
from tests.ledger.books import occasion

ACCOUNTS = "/admin/reports/accounts/"


@pytest.fixture
def booked(nord: Tenant, sued: Tenant, four_near: dict[str, Friend]) -> None:
    """Book a job of each partner, with a share of the commission for it."""
    for act, (tenant, price) in enumerate(((nord, 9_900), (sued, 5_500)), start=1):
        happened = occasion(act, tenant_id=tenant.pk, currency="EUR")
        post(
            card_paid(happened, provider=chart.STRIPE, tenant_id=tenant.pk, amount=20_000),
            job_done(happened, tenant_id=tenant.pk, worker=chart.friend(four_near["Ben"].pk), price=price),
            overflow_shared(happened, tenant_id=tenant.pk, share=act * 100),
        )


def text_of(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split()).replace("\N{NO-BREAK SPACE}", " ")


def test_a_manager_reads_balances_and_a_statement(manager_client: Client, booked: None) -> None:
    page = text_of(manager_client, ACCOUNTS)

    assert re.search(r"Customers , EUR EUR -€101\.00 Partner , EUR EUR €1\.00", page)
    link = re.search(rf'href="({ACCOUNTS}[^"]+)">Customers', manager_client.get(ACCOUNTS).content.decode())
    assert link
    statement = text_of(manager_client, link[1])
    assert re.search(r"Opening balance €0\.00", statement)
    assert re.search(r"Paid by card €200\.00 -€200\.00 .* Job done €99\.00 -€101\.00", statement)


def test_without_bookings_the_page_says_so(manager_client: Client) -> None:
    assert "Nothing is booked here." in text_of(manager_client, ACCOUNTS)


def test_accounts_of_others_are_not_there(manager_client: Client, sued: Tenant, booked: None) -> None:
    others = Account.objects.exclude(friend_id=None).get(), Account.objects.get(tenant_id=sued.pk, kind="customer")

    for account in (*others, Account.objects.get(kind="stripe")):
        assert manager_client.get(f"{ACCOUNTS}{account.pk}/", follow=True).status_code == 404
    assert Client(headers={"host": "nord.localhost"}).get(ACCOUNTS).status_code == 302


def test_the_menu_leads_from_the_start_page_to_the_accounts(manager_client: Client, booked: None) -> None:
    start = unescape(manager_client.get("/admin/").content.decode())

    # Wagtail's menu is data out of which the browser makes links.
    link = re.search(r'"Your accounts".{0,200}?"url": "([^"]+)"', start)

    assert link
    assert "Customers , EUR" in text_of(manager_client, link[1])
