"""Public pages ask the database for a version alone, and show every change with the very next request (R10).

The pages are warm before each change. Nothing in the process tells what it keeps of a change, so whoever changes
something is as another process to it; one change comes over a connection of its own.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction, Site

from catalog.models import Package, Price
from catalog.services import offer_packages
from cms.models import HomePage, TextPage
from cms.services import rewrite_page
from cms.tasks import publish_scheduled
from kernel.clock import now
from tenants.context import platform_context, tenant_context
from tenants.hosts.domains import make_primary
from tenants.isolation.kept import KEPT
from tenants.models import Domain, Tenant
from tenants.services import change_settings
from tests.cast import book
from tests.console.test_packages import package_of, save, typed_by
from tests.databases import ask_as_owner
from tests.pages import press
from tests.responses import Response

HOME, CATALOGUE, PACKAGE = PAGES = "/en/", "/en/packages/", "/en/packages/wifi-setup/"

Change = Callable[[Tenant], object]


@pytest.fixture
def warm(visitor: Client, nord: Tenant) -> Client:
    """Return a visitor whose pages are kept."""
    for path in PAGES:
        visitor.get(path)
        visitor.get(path)
    return visitor


def read(client: Client, path: str) -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_asks_for_the_version_alone(warm: Client, path: str) -> None:
    """The second statement is the engine's, which enters the schema."""
    with CaptureQueriesContext(connection) as queries:
        answer = warm.get(path)

    assert answer.status_code == 200
    assert len(queries) <= 2, [query["sql"] for query in queries]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_was_kept_is_the_same_to_the_letter(visitor: Client, nord: Tenant, path: str) -> None:
    KEPT.clear()
    first, second = visitor.get(path), visitor.get(path)

    assert without_token(first.content) == without_token(second.content)
    assert headers_of(first) == headers_of(second)


def headers_of(answer: Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


def without_token(page: bytes) -> list[bytes]:
    return [line for line in page.splitlines() if b"csrfmiddlewaretoken" not in line]


# --- Packages and prices -----------------------------------------------------------------------------------


def test_a_price_saved_in_the_admin_is_shown_at_once(warm: Client, manager_client: Client, nord: Tenant) -> None:
    assert all("€49.00" in read(warm, path) for path in PAGES)

    assert save(manager_client, package_of(nord), typed_by(nord) | {"price_DE": "45"}).status_code == 302

    assert all("€45.00" in page and "€49.00" not in page for page in (read(warm, path) for path in PAGES))


def test_a_name_saved_in_the_admin_is_shown_at_once(warm: Client, manager_client: Client, nord: Tenant) -> None:
    assert save(manager_client, package_of(nord), typed_by(nord) | {"name_en": "Other name"}).status_code == 302

    assert all("Other name" in read(warm, path) for path in PAGES)


def dearer(tenant: Tenant) -> None:
    Price.objects.update(amount_minor=4700)


def dearer_in_bulk(tenant: Tenant) -> None:
    prices = list(Price.objects.all())
    for price in prices:
        price.amount_minor = 4700
    Price.objects.bulk_update(prices, ["amount_minor"])


def dearer_by_raw_sql(tenant: Tenant) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_price SET amount_minor = 4700")


def made_anew_in_bulk(tenant: Tenant) -> None:
    Price.objects.all().delete()
    package = Package.objects.get()
    Price.objects.bulk_create([Price(package=package, country="DE", currency="EUR", amount_minor=4700)])


@pytest.mark.parametrize("change", [dearer, dearer_in_bulk, dearer_by_raw_sql, made_anew_in_bulk])
def test_a_price_written_past_the_admin_is_shown_at_once(warm: Client, nord: Tenant, change: Change) -> None:
    with tenant_context(nord):
        change(nord)

    assert all("€47.00" in page and "€49.00" not in page for page in (read(warm, path) for path in PAGES))


def test_a_price_that_another_connection_commits_is_shown_at_once(warm: Client, nord: Tenant) -> None:
    [(before,)] = ask_as_owner("SELECT amount_minor FROM t_nord.catalog_price")
    try:
        ask_as_owner("UPDATE t_nord.catalog_price SET amount_minor = 4700 RETURNING 1")
        assert all("€47.00" in read(warm, path) for path in PAGES)
    finally:
        ask_as_owner("UPDATE t_nord.catalog_price SET amount_minor = %s RETURNING 1", [before])
    assert all("€49.00" in read(warm, path) for path in PAGES)


def test_a_change_that_is_taken_back_leaves_nothing(warm: Client, nord: Tenant) -> None:
    with transaction.atomic():
        with tenant_context(nord):
            dearer(nord)
        assert "€47.00" in read(warm, PACKAGE)
        transaction.set_rollback(True)

    assert all("€49.00" in read(warm, path) for path in PAGES)


def test_a_package_that_is_closed_leaves_the_catalogue_at_once(warm: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        offer_packages(chosen=[], among=[package_of(nord).pk])

    assert all("wifi-setup" not in read(warm, path) for path in (HOME, CATALOGUE))
    assert warm.get(PACKAGE).status_code == 410


def test_a_package_that_is_deleted_is_gone_at_once(warm: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        Package.objects.all().delete()

    assert all("wifi-setup" not in read(warm, path) for path in (HOME, CATALOGUE))
    assert warm.get(PACKAGE).status_code == 404


# --- Pages -------------------------------------------------------------------------------------------------


def home_of(tenant: Tenant) -> HomePage:
    return HomePage.objects.get(locale__language_code="en")


def test_a_headline_published_in_the_admin_is_shown_at_once(warm: Client, manager_client: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        page = home_of(nord)
    edit = manager_client.get(f"/admin/pages/{page.pk}/edit/")

    # A script writes the parts into the form.
    press(manager_client, edit, "Publish", {"headline": "Help from next door", "body-count": "0"})

    assert "Help from next door" in read(warm, HOME)


def test_a_draft_is_not_shown_until_it_is_published(warm: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        page = home_of(nord)
        page.headline = "Help from next door"
        revision = page.save_revision()
    assert "Help from next door" not in read(warm, HOME)

    with tenant_context(nord):
        revision.publish()

    assert "Help from next door" in read(warm, HOME)


def test_what_the_scheduler_publishes_and_takes_back_is_shown_at_once(warm: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        page = home_of(nord)
        page.headline, page.go_live_at = "Help from next door", now() - timedelta(minutes=1)
        page.save_revision(approved_go_live_at=page.go_live_at)
    assert "Help from next door" not in read(warm, HOME)

    assert publish_scheduled() == 0
    assert "Help from next door" in read(warm, HOME)

    with tenant_context(nord):
        Page.objects.filter(pk=page.pk).update(expire_at=now() - timedelta(minutes=1))
    assert publish_scheduled() == 0
    assert "Help from next door" not in read(warm, HOME)


def test_a_page_for_some_is_no_longer_shown_to_all(warm: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        PageViewRestriction.objects.create(page=home_of(nord), restriction_type="password", password="open sesame")

    for path in (HOME, CATALOGUE):
        assert "hero" not in read(warm, path)
        assert "wifi-setup" not in read(warm, path)


def in_menus(tenant: Tenant) -> None:
    TextPage.objects.filter(slug="imprint").update(slug="terms", title="Our terms", show_in_menus=True)


def without_german(tenant: Tenant) -> None:
    HomePage.objects.get(locale__language_code="de").unpublish()


def elsewhere(tenant: Tenant) -> None:
    site = Site.objects.get()
    site.root_page = TextPage.objects.get(slug="privacy", locale__language_code="en")
    site.save()


@pytest.mark.parametrize(
    ("change", "is_seen"),
    [
        (in_menus, lambda page: "Our terms" in page),
        (without_german, lambda page: 'href="/de/packages/"' not in page and 'href="/de/"' in page),
        (elsewhere, lambda page: "hero" not in page),
    ],
)
def test_a_change_of_the_tree_is_seen_at_once(
    warm: Client, nord: Tenant, change: Change, is_seen: Callable[[str], bool]
) -> None:
    with tenant_context(nord):
        change(nord)

    assert is_seen(read(warm, HOME))


def test_a_text_that_a_service_rewrites_is_shown_at_once(warm: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        rewrite_page(slug="imprint", bodies={"de": "<p>Neu</p>", "en": "<p>Written anew</p>"})

    assert "Written anew" in read(warm, "/en/imprint/")


# --- The partner -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "Nordlicht"}, "Nordlicht"),
        ({"email": "desk@nordlicht.example"}, "desk@nordlicht.example"),
        ({"languages": ["de", "en", "pl"]}, "Polski"),
    ],
)
def test_a_setting_is_shown_at_once(warm: Client, nord: Tenant, fields: dict[str, Any], words: str) -> None:
    assert words not in read(warm, PACKAGE)

    change_settings(tenant=nord, who="Maria", now=now(), **fields)

    assert words in read(warm, PACKAGE)


def test_a_partner_that_takes_no_orders_says_so_at_once(warm: Client, nord: Tenant) -> None:
    change_settings(tenant=nord, who="Maria", now=now(), is_open=False)

    assert "We are not taking bookings at the moment." in read(warm, PACKAGE)


def test_a_partner_that_is_suspended_is_closed_at_once(warm: Client, nord: Tenant) -> None:
    Tenant.objects.filter(pk=nord.pk).update(state="suspended", suspended_at=now())

    assert [warm.get(path).status_code for path in PAGES] == [503] * 3


def test_another_main_host_is_led_to_at_once(warm: Client, nord: Tenant) -> None:
    with platform_context():
        Domain.objects.create(tenant=nord, domain="help.nord.example", is_primary=False)
    make_primary(tenant=nord, domain="help.nord.example", who="Maria", now=now())

    answer = warm.get(HOME)

    assert (answer.status_code, answer["Location"]) == (301, "http://help.nord.example:8000/en/")
    there = Client(headers={"host": "help.nord.example"})
    assert "wifi-setup" in read(there, HOME)


# --- The version itself ------------------------------------------------------------------------------------


def version_of(tenant: Tenant) -> object:
    with platform_context():
        return Tenant.objects.values_list("pages_version", flat=True).get(pk=tenant.pk)


def test_a_partner_saved_from_an_old_copy_does_not_bring_the_old_version_back(nord: Tenant) -> None:
    with platform_context():
        old = Tenant.objects.get(pk=nord.pk)
        first = old.pages_version
        old.save()

    assert version_of(nord) != first


def test_a_change_of_one_partner_leaves_the_others_pages_kept(nord: Tenant, sued: Tenant) -> None:
    before = version_of(nord), version_of(sued)
    with tenant_context(nord):
        dearer(nord)

    assert version_of(nord) != before[0]
    assert version_of(sued) == before[1]


def test_no_page_is_rewritten_for_an_order(nord: Tenant, four_near: object) -> None:
    """What happens all day long must not renew what is kept."""
    before = version_of(nord)
    book(nord)

    assert version_of(nord) == before
