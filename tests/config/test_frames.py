"""A page that everybody may open stands in the frame of the host and of whoever reads it."""

import pytest
from django.test import Client

from accounts.models import Kind, User
from tenants.models import Tenant
from tests.cast import PASSWORD
from tests.pages import press
from tests.responses import Response

TABS, OPERATORS_MENU, BRAND_FOOT, MANIFEST = 'class="tabs"', "/en/operators/jobs/", "/en/imprint/", "manifest"
NOWHERE = "/en/there-is-no-such-page/"


@pytest.fixture
def operator() -> Client:
    """Return the client of Olga, who runs the platform."""
    client = Client(headers={"host": "app.localhost"})
    client.force_login(User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR))
    return client


def around(page: Response) -> set[str]:
    """Return what stands around a page."""
    return {mark for mark in (TABS, OPERATORS_MENU, BRAND_FOOT, MANIFEST) if mark in page.content.decode()}


def shown_around(client: Client) -> set[str]:
    """Return what stands around an address that leads nowhere."""
    answer = client.get(NOWHERE)
    assert answer.status_code == 404
    return around(answer)


def test_friends_have_their_tabs_around_it(friend_client: Client) -> None:
    assert shown_around(friend_client) == {TABS, MANIFEST}


def test_operators_have_their_menu_around_it(nord: Tenant, operator: Client) -> None:
    assert shown_around(operator) == {OPERATORS_MENU}


def test_operators_keep_their_menu_on_the_friends_pages_that_are_open_to_all(nord: Tenant, operator: Client) -> None:
    handbook = operator.get("/en/handbook/")
    earnings = press(operator, handbook, "Nord")
    join = operator.get("/en/join/", follow=True)
    forgotten = operator.get("/en/password/forgotten/")

    for page in (handbook, earnings, join, forgotten):
        assert page.status_code == 200
        assert around(page) == {OPERATORS_MENU}


def test_friends_keep_their_tabs_on_the_pages_that_are_open_to_all(friend_client: Client) -> None:
    handbook = press(friend_client, friend_client.get("/en/profile/"), "Handbook")

    assert around(handbook) == around(press(friend_client, handbook, "Nord")) == {TABS, MANIFEST}


@pytest.mark.usefixtures("nord")
def test_strangers_on_the_platform_have_neither_tabs_nor_menu() -> None:
    assert shown_around(Client(headers={"host": "app.localhost"})) == {MANIFEST}


def test_customers_have_the_brand_around_it(visitor: Client, nord: Tenant) -> None:
    assert shown_around(visitor) == {BRAND_FOOT}
