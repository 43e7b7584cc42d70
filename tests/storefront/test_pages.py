"""The partner's own pages of words: linked where they say so, and there in every language that they have."""

import re

import pytest
from django.test import Client
from wagtail.models import Page

from catalog.kinds import Icon
from catalog.models import Package
from catalog.starter import _load
from cms.models import HomePage, TextPage
from config.views import _icon_names
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import book, deliver
from tests.pages import assert_valid_html


@pytest.fixture
def terms(nord: Tenant) -> None:
    """Let Nord publish its terms in English and, under a German address, in German; and a page that is in no menu."""
    with tenant_context(nord):
        homes = {home.locale.language_code: home for home in HomePage.objects.select_related("locale")}
        english = TextPage(title="Terms", slug="terms", body="<p>Be kind.</p>", show_in_menus=True)
        homes["en"].add_child(instance=english)
        homes["de"].add_child(
            instance=TextPage(
                title="AGB",
                slug="agb",
                body="<p>Seien Sie nett.</p>",
                show_in_menus=True,
                translation_key=english.translation_key,
                locale=homes["de"].locale,
            )
        )
        homes["en"].add_child(instance=TextPage(title="Hidden", slug="hidden", body="<p>x</p>"))


def footer(page: str) -> str:
    """Return the foot of a page."""
    return page[page.index("<footer") :]


@pytest.mark.usefixtures("terms")
def test_pages_in_menus_are_linked_in_the_footer_of_their_language(visitor: Client) -> None:
    start = visitor.get("/en/packages/")
    [link] = re.findall(r'href="([^"]+)">Terms</a>', footer(start.content.decode()))
    assert "Hidden" not in start.content.decode()

    page = visitor.get(link)

    assert "Be kind." in page.content.decode()
    assert_valid_html(page)
    assert "AGB" not in footer(page.content.decode())
    assert ">AGB</a>" in footer(visitor.get("/de/packages/").content.decode())


@pytest.mark.usefixtures("terms")
def test_the_language_links_of_a_page_lead_to_it_in_that_language_or_to_the_home_page(
    visitor: Client, nord: Tenant
) -> None:
    page = visitor.get("/en/terms/").content.decode()
    [german] = re.findall(r'href="([^"]+)" lang="de"', page)
    assert "Seien Sie nett." in visitor.get(german).content.decode()
    with tenant_context(nord):
        Page.objects.get(slug="agb").delete()

    page = visitor.get("/en/terms/").content.decode()
    [german] = re.findall(r'href="([^"]+)" lang="de"', page)
    assert visitor.get(german).status_code == 200


def test_every_language_link_of_every_page_works(visitor: Client, nord: Tenant) -> None:
    for path in ("/en/", "/en/packages/", "/en/packages/wifi-setup/", "/en/imprint/", "/en/privacy/"):
        links = re.findall(r'href="([^"]+)" lang="\w\w"', visitor.get(path).content.decode())
        assert len(links) == 2
        for link in links:
            assert visitor.get(link).status_code == 200


def test_an_address_that_is_not_there_leads_to_the_packages(visitor: Client, nord: Tenant) -> None:
    page = visitor.get("/en/nothing/")

    assert page.status_code == 404
    [link] = re.findall(r'class="button" href="([^"]+)"', page.content.decode())
    assert visitor.get(link).status_code == 200
    assert_valid_html(page)


@pytest.mark.usefixtures("terms", "four_near")
def test_the_confirmation_names_the_payment_and_leads_to_the_legal_pages(visitor: Client, nord: Tenant) -> None:
    book(nord)

    [mail] = [one for one in deliver() if one.to == ["ada@customers.example"]]

    assert "Payment: In cash, on site" in mail.body
    html = mail.alternatives[0][0]
    for title in ("Terms", "Imprint", "Privacy"):
        assert re.search(rf'href="http://nord\.localhost[^"]*"[^>]*>{title}</a>', html)
        assert f"{title}: http://nord.localhost" in mail.body


def test_a_mail_carries_the_logo_of_its_brand(nord: Tenant, four_near: dict[str, object]) -> None:
    nord.logo = "quartett/brands/volthaus.svg"
    nord.save(update_fields=["logo"])
    book(nord)

    [mail] = [one for one in deliver() if one.to == ["ada@customers.example"]]

    assert 'src="cid:logo"' in mail.alternatives[0][0]
    [logo] = mail.attachments
    assert logo["Content-ID"] == "<logo>"
    assert logo.get_payload(decode=True).startswith(b"\x89PNG")


def test_every_icon_of_a_package_can_be_drawn() -> None:
    assert set(Icon.values) <= set(_icon_names())
    assert {package["icon"] for package in _load("packages").values()} <= set(Icon.values)


def test_an_icon_that_is_not_there_cannot_be_chosen(manager_client: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        package = Package.objects.get()
    page = manager_client.get(f"/admin/packages/edit/{package.pk}/").content.decode()

    [choice] = re.findall(r'<select name="icon".*?</select>', page, re.DOTALL)

    assert re.findall(r'value="([\w-]+)"', choice) == list(Icon.values)
