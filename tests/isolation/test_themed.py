"""Each partner's pages come in its own theme, however requests of several partners take turns in one process."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django_tenants.utils import tenant_context as as_tenant

from kernel.clock import now
from kernel.web.themes import themes
from tenants.context import in_this_schema, tenant_context
from tenants.isolation.themed import theme_in_use
from tenants.models import Tenant
from tenants.services import apply_themes, change_settings
from tests.pages import assert_valid_html

PAGES = (
    "/en/",
    "/en/packages/",
    "/en/packages/wifi-setup/",
    "/en/imprint/",
    "/en/costs/",
    "/styleguide/",
    "/en/nothing/",
)
# What only the frame of a theme has.
MARKS = {"base": "", "poster": "foot-columns", "horizon": 'class="wrap float"', "almanac": "masthead"}


def wear(tenant: Tenant, theme: str) -> Tenant:
    """Let a partner have another theme."""
    return change_settings(tenant=tenant, who="Maja", now=now(), theme=theme)


@pytest.mark.parametrize("slug", themes())
def test_every_kind_of_page_is_drawn_in_every_theme(visitor: Client, nord: Tenant, slug: str) -> None:
    wear(nord, slug)

    for path in PAGES:
        page = visitor.get(path)
        assert f"/quartett/css/{slug}.css" in page.content.decode(), path
        assert_valid_html(page)
        if path != "/styleguide/":
            assert MARKS[slug] in page.content.decode()
            assert {mark for mark in MARKS.values() if mark and mark in page.content.decode()} <= {MARKS[slug]}


@pytest.mark.parametrize("slug", themes())
def test_a_booking_begins_in_every_theme(visitor: Client, nord: Tenant, four_near: object, slug: str) -> None:
    wear(nord, slug)

    step = visitor.post("/en/packages/wifi-setup/book/", {"country": "DE", "postal_code": "10115"}, follow=True)

    assert step.status_code == 200
    assert f"/quartett/css/{slug}.css" in step.content.decode()
    assert_valid_html(step)


def test_two_partners_with_two_themes_take_turns(nord: Tenant, sued: Tenant) -> None:
    wear(nord, "poster")
    wear(sued, "almanac")
    visitors = {"poster": Client(HTTP_HOST="nord.localhost"), "almanac": Client(HTTP_HOST="sued.localhost")}

    for _turn in range(3):
        for slug, client in visitors.items():
            page = client.get("/en/packages/").content.decode()
            assert [one for one, mark in MARKS.items() if mark and mark in page] == [slug]


def test_threads_that_draw_at_once_do_not_mix_themes(nord: Tenant, sued: Tenant) -> None:
    nord.theme, sued.theme = "poster", "horizon"

    def draw() -> tuple[str, str]:
        return theme_in_use(), render_to_string("storefront/parts/package_grid.html", {"packages": []})

    jobs = []
    with ThreadPoolExecutor(8) as threads:
        for _turn in range(40):
            for tenant in (nord, sued):
                with as_tenant(tenant):
                    jobs.append((tenant.theme, threads.submit(in_this_schema(draw))))

    assert [job.result()[0] for _theme, job in jobs] == [theme for theme, _job in jobs]


def test_a_new_theme_is_shown_with_the_next_request(visitor: Client, nord: Tenant) -> None:
    before = visitor.get("/en/").content.decode()
    assert "foot-columns" not in before

    wear(nord, "poster")

    assert "foot-columns" in visitor.get("/en/").content.decode()


def test_a_theme_that_was_uninstalled_gives_way_to_the_base(visitor: Client, nord: Tenant) -> None:
    nord.theme = "gone"
    nord.save(update_fields=["theme"])

    assert "/quartett/css/base.css" in visitor.get("/en/").content.decode()
    with tenant_context(nord):
        assert theme_in_use() == "base"


def test_colours_follow_a_theme_whose_ground_has_changed(nord: Tenant) -> None:
    worn = wear(nord, "almanac")
    right = worn.theme_css
    worn.theme_css, worn.theme_hash = "/* almanac of old */:root{}", "0" * 16
    worn.save(update_fields=["theme_css", "theme_hash"])

    apply_themes()

    worn.refresh_from_db()
    assert worn.theme_css == right
    assert worn.theme_hash != "0" * 16


@pytest.mark.parametrize("slug", themes())
def test_the_gallery_shows_every_theme_in_the_colours_of_the_host(visitor: Client, nord: Tenant, slug: str) -> None:
    page = visitor.get("/styleguide/", {"theme": slug})
    [colours] = re.findall(r'href="(/theme/\w+\.css)"', page.content.decode())

    assert f"/quartett/css/{slug}.css" in page.content.decode()
    assert nord.brand_colour in visitor.get(colours).content.decode()
    assert_valid_html(page)
    nord.refresh_from_db()
    assert nord.theme == "base"
    assert "/quartett/css/base.css" in visitor.get("/en/").content.decode()
