"""A page that belongs to no app stands in the frame of the host and of whoever reads it."""

import pytest
from django.test import Client

from accounts.models import Kind, User
from tenants.models import Tenant
from tests.cast import PASSWORD

TABS, OPERATORS_MENU, BRAND_FOOT, MANIFEST = 'class="tabs"', "/en/operators/jobs/", "/en/imprint/", "manifest"
NOWHERE = "/en/there-is-no-such-page/"


def shown_around(client: Client) -> set[str]:
    """Return what stands around an address that leads nowhere."""
    answer = client.get(NOWHERE)
    assert answer.status_code == 404
    page = answer.content.decode()
    return {mark for mark in (TABS, OPERATORS_MENU, BRAND_FOOT, MANIFEST) if mark in page}


def test_friends_have_their_tabs_around_it(friend_client: Client) -> None:
    assert shown_around(friend_client) == {TABS, MANIFEST}


def test_operators_have_their_menu_around_it(nord: Tenant) -> None:
    client = Client(headers={"host": "app.localhost"})
    client.force_login(User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR))

    assert shown_around(client) == {OPERATORS_MENU}


@pytest.mark.usefixtures("nord")
def test_strangers_on_the_platform_have_neither_tabs_nor_menu() -> None:
    assert shown_around(Client(headers={"host": "app.localhost"})) == {MANIFEST}


def test_customers_have_the_brand_around_it(visitor: Client, nord: Tenant) -> None:
    assert shown_around(visitor) == {BRAND_FOOT}
