"""The home page is put together from parts, answers at once whether somebody is near, and says so to search engines."""

import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from wagtail.models import Page

from cms.blocks import USUAL
from cms.models import HomePage, LandingPage
from kernel.clock import now
from orders.models import Review
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import book
from tests.pages import assert_valid_html, html_of

HTMX = {"HX-Request": "true"}


def home_of(tenant: Tenant, language: str = "en") -> HomePage:
    """Return a partner's home page; inside the tenant."""
    return HomePage.objects.get(locale__language_code=language)


def rate(tenant: Tenant, stars: int, words: str, *, shown: bool = True, hidden: bool = False) -> None:
    """Let a customer have rated finished work."""
    order = book(tenant)
    with tenant_context(tenant):
        Review.objects.create(
            order=order,
            stars=stars,
            words=words,
            created_at=now(),
            shown_at=now() if shown else None,
            hidden_at=now() if hidden else None,
        )
    cache.clear()


def test_a_new_home_page_has_the_usual_parts_in_each_language(visitor: Client, nord: Tenant) -> None:
    english, german = visitor.get("/en/"), visitor.get("/de/")

    for words in ("What people book most", "How it works", "What does it cost?", "Help your neighbours, earn money"):
        assert words in html_of(english)
    assert "Was kostet es?" in html_of(german)
    assert "What does it cost?" not in html_of(german)
    assert_valid_html(english)


def test_a_home_page_from_before_has_them_by_the_default_of_the_database(nord: Tenant) -> None:
    with tenant_context(nord), connection.cursor() as cursor:
        cursor.execute("UPDATE cms_homepage SET body = DEFAULT")
        page = home_of(nord)

        assert [part.kind for part in page.parts] == [part["type"] for part in USUAL]
        page.save_revision().publish()
        assert [part.kind for part in home_of(nord).parts] == [part["type"] for part in USUAL]


def test_own_parts_take_the_place_of_the_usual_ones(visitor: Client, nord: Tenant) -> None:
    visitor.get("/en/")
    with tenant_context(nord):
        page = home_of(nord)
        page.body = [
            ("words", {"heading": "Our shops", "text": "<p>Come <b>in</b>.</p>", "scene": "quiet"}),
            ("questions", {"heading": "Asked in our shops", "items": [{"question": "Open?", "answer": "<p>Yes.</p>"}]}),
        ]
        page.save_revision().publish()

    shown = visitor.get("/en/")

    assert "Our shops" in html_of(shown)
    assert "Come <b>in</b>." in html_of(shown)
    assert "Asked in our shops" in html_of(shown)
    assert "What does it cost?" not in html_of(shown)
    assert_valid_html(shown)


def test_a_landing_page_is_put_together_from_the_same_parts(visitor: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        page = LandingPage(title="Moving", slug="moving", headline="Moving house?", body=[("steps", {"heading": ""})])
        home_of(nord).add_child(instance=page)

    shown = visitor.get("/en/moving/")

    assert shown.status_code == 200
    assert "Moving house?" in html_of(shown)
    assert "How it works" in html_of(shown)
    assert_valid_html(shown)


# --- Is somebody near? --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("four_near")
def test_the_search_says_at_once_how_many_friends_are_near(visitor: Client, nord: Tenant) -> None:
    part = visitor.get("/en/near/", {"country": "DE", "postal_code": "10115"}, headers=HTMX)
    page = visitor.get("/en/near/", {"country": "DE", "postal_code": "10115"})

    for answer in (part, page):
        assert "Yes, we cover 10115 Berlin." in html_of(answer)
        assert "4 suitable friends near you." in html_of(answer)
        assert "HX-Request" in answer["Vary"]
    assert "<html" not in part.content.decode()
    assert "Wi-Fi" in html_of(page)
    assert_valid_html(page)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"postal_code": "10115"}, "We have nobody near this place yet."),
        ({"postal_code": "99999"}, "We do not know this postal code."),
        ({"postal_code": "<script>"}, "We do not know this postal code."),
        ({"postal_code": "10115", "country": "XX"}, "We have nobody near this place yet."),
        ({}, "Where do you need help?"),
    ],
)
def test_the_search_answers_everybody(visitor: Client, nord: Tenant, typed: dict[str, str], words: str) -> None:
    page = visitor.get("/en/near/", typed)

    assert page.status_code == 200
    assert words in html_of(page)
    assert_valid_html(page)


# --- Ratings ------------------------------------------------------------------------------------------------


def test_nothing_is_said_of_ratings_where_nobody_has_rated(visitor: Client, nord: Tenant) -> None:
    assert "What customers say" not in html_of(visitor.get("/en/"))


@pytest.mark.usefixtures("four_near")
def test_ratings_are_shown_with_their_number_low_ones_too(visitor: Client, nord: Tenant) -> None:
    rate(nord, 5, "Great.")
    rate(nord, 2, "Late.")
    rate(nord, 1, "Insulting words.", hidden=True)
    rate(nord, 5, "Still blind.", shown=False)

    page = html_of(visitor.get("/en/"))

    assert "2.7" in page
    assert "from 3 ratings of finished work" in page
    assert f'<blockquote lang="{book(nord).language}">Great.</blockquote>' in visitor.get("/en/").content.decode()
    assert "Late." in page
    assert "Insulting" not in page
    assert "Still blind" not in page


# --- What search engines read -------------------------------------------------------------------------------


def test_a_home_page_says_who_it_is_and_what_is_asked(visitor: Client, nord: Tenant) -> None:
    page = visitor.get("/en/").content.decode()

    [said] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    firm, questions = json.loads(said)["@graph"]
    assert firm["name"] == "Nord"
    assert "aggregateRating" not in firm
    assert questions["@type"] == "FAQPage"
    assert "What does it cost?" in [one["name"] for one in questions["mainEntity"]]
    assert 'hreflang="de" href="http://nord.localhost/de/"' in page
    assert '<meta property="og:title" content="Nord">' in page


def test_structured_data_cannot_end_its_element(visitor: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        page = home_of(nord)
        page.body = [("questions", {"heading": "", "items": [{"question": "</script><b>", "answer": "<p>x</p>"}]})]
        page.save_revision().publish()

    shown = visitor.get("/en/").content.decode()

    [said] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', shown, re.DOTALL)
    assert json.loads(said)["@graph"][1]["mainEntity"][0]["name"] == "</script><b>"


def test_the_sitemap_names_pages_and_packages_in_every_language_and_nothing_private(
    visitor: Client, nord: Tenant
) -> None:
    with tenant_context(nord):
        Page.objects.filter(slug="privacy").update(live=False)

    found = re.findall(r"<loc>(.*?)</loc>", visitor.get("/sitemap.xml").content.decode())

    for path in ("/en/", "/de/", "/en/packages/", "/de/packages/wifi-setup/", "/en/imprint/"):
        assert f"http://nord.localhost{path}" in found
    assert not [one for one in found if "privacy" in one]
    for address in found:
        assert visitor.get(address.removeprefix("http://nord.localhost")).status_code == 200


def test_robots_are_told_of_the_sitemap(visitor: Client, nord: Tenant) -> None:
    said = visitor.get("/robots.txt").content.decode()

    assert "Sitemap: http://nord.localhost/sitemap.xml" in said
    assert "Disallow: /admin/" in said
