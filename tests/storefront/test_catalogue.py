"""Catalogue and package page: what they show, and that they ask no question per row."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Package, Price, Question
from tenants.context import tenant_context
from tenants.isolation.kept import KEPT
from tenants.models import Tenant
from tests.pages import assert_valid_html

PAGES = ["/en/", "/en/packages/", "/en/packages/wifi-setup/", "/en/imprint/", "/styleguide/", "/de/packages/"]


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_are_valid_and_have_a_strict_policy(visitor: Client, nord: Tenant, path: str) -> None:
    answer = visitor.get(path)

    assert answer.status_code == 200
    assert_valid_html(answer)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_load_nothing_from_elsewhere(visitor: Client, nord: Tenant, path: str) -> None:
    page = visitor.get(path).content.decode()

    for attribute in ('src="http', 'srcset="http', "url(http", 'rel="stylesheet" href="http'):
        assert attribute not in page


def test_a_package_page_says_what_is_included_and_the_price(visitor: Client, nord: Tenant) -> None:
    page = visitor.get("/en/packages/wifi-setup/").content.decode()

    assert "Connecting the router" in page
    assert "€49.00" in page
    assert "19% VAT" in page


@pytest.mark.parametrize("path", ["/en/packages/", "/en/", "/en/packages/wifi-setup/"])
def test_the_number_of_queries_does_not_grow_with_the_rows(visitor: Client, nord: Tenant, path: str) -> None:
    """Nor do they where nothing of them is kept."""
    KEPT.clear()
    visitor.get(path)
    KEPT.clear()
    with CaptureQueriesContext(connection) as few:
        visitor.get(path)
    with tenant_context(nord):
        _add_packages(20)
        _add_questions(10)
    KEPT.clear()

    with CaptureQueriesContext(connection) as many:
        visitor.get(path)

    assert len(many) == len(few) <= 16


def test_the_theme_is_served_under_its_hash_for_ever(visitor: Client, nord: Tenant) -> None:
    answer = visitor.get(f"/theme/{nord.theme_hash}.css")

    assert "--brand:#d7263d" in answer.content.decode()
    assert "immutable" in answer["Cache-Control"]
    assert visitor.get("/theme/other.css").status_code == 404


def test_a_language_that_the_partner_lacks_leads_to_its_default(visitor: Client, nord: Tenant) -> None:
    assert visitor.get("/pl/packages/")["Location"] == "/de/packages/"


def test_an_unknown_package_is_not_found(visitor: Client, nord: Tenant) -> None:
    assert visitor.get("/en/packages/nothing/").status_code == 404


def _add_packages(count: int) -> None:
    for number in range(count):
        package = Package.objects.create(
            slug=f"more-{number}", name_en=f"More {number}", included_en="a", minutes=30, skills=["wifi"]
        )
        Price.objects.create(package=package, country="DE", currency="EUR", amount_minor=1000)


def _add_questions(count: int) -> None:
    package = Package.objects.get(slug="wifi-setup")
    for number in range(count):
        Question.objects.create(package=package, key=f"q{number}", kind="text", label_en="?", sort_order=number)
