"""A new partner's first look (R4, R5): a list of next steps, and packages that are opened by choice."""

import re

from django.test import Client

from catalog.models import Package
from catalog.starter import clear_catalogue, plant_packages
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book


def begin_anew(tenant: Tenant) -> None:
    """Give the partner the catalogue that every new one begins with."""
    with tenant_context(tenant):
        clear_catalogue()
        plant_packages()


def test_the_home_page_leads_through_the_first_steps_until_the_first_order(
    manager_client: Client, nord: Tenant, four_near: Cast
) -> None:
    page = manager_client.get("/admin/").content.decode()
    steps = re.findall(
        r'<li[^>]*>.*?<a href="([^"]+)">', page[page.index('class="first-steps"') : page.index("</ol>")], re.S
    )

    assert len(steps) == 5
    for step in steps:
        assert manager_client.get(step, follow=True).status_code == 200
    book(nord)
    assert "first-steps" not in manager_client.get("/admin/").content.decode()


def test_packages_are_opened_by_choice(manager_client: Client, visitor: Client, nord: Tenant) -> None:
    begin_anew(nord)
    assert "What people book most" not in visitor.get("/en/").content.decode()
    [way] = re.findall(r'href="(/admin/first-steps/packages/)"', manager_client.get("/admin/").content.decode())
    page = manager_client.get(way).content.decode()
    with tenant_context(nord):
        packages = list(Package.objects.order_by("sort_order"))
    assert page.count('type="checkbox"') == len(packages) == 6

    told = manager_client.post(way, {"package": [packages[0].pk, packages[2].pk]}, follow=True).content.decode()

    assert "2 packages can be booked." in told
    with tenant_context(nord):
        assert set(Package.objects.filter(is_open=True)) == {packages[0], packages[2]}
    assert "What people book most" in visitor.get("/en/").content.decode()


def test_a_package_without_a_price_where_the_partner_works_cannot_be_opened(
    manager_client: Client, nord: Tenant
) -> None:
    with tenant_context(nord):
        package = Package.objects.get()
        package.prices.update(country="PL")
        Package.objects.update(is_open=False)

    manager_client.post("/admin/first-steps/packages/", {"package": [package.pk]})

    with tenant_context(nord):
        assert not Package.objects.get().is_open
