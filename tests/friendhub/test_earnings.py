"""The three figures of every package and country of a brand, for everybody to read (R12)."""

import pytest

from catalog.models import Package
from tenants.context import tenant_context
from tenants.models import Commission, Tenant
from tests.joining import stranger
from tests.pages import assert_valid_html, press, text_of


def test_the_handbook_leads_to_what_each_job_of_a_brand_pays(nord: Tenant, sued: Tenant) -> None:
    client = stranger()

    page = press(client, client.get("/en/handbook/"), "Nord")

    assert_valid_html(page)
    text = text_of(page)
    assert "Germany" in text
    assert "Wi-Fi set-up €49.00 €7.35 (15%) €41.65" in text
    swiss = text_of(press(client, client.get("/en/handbook/"), "Süd"))
    assert "Switzerland" in swiss
    assert "CHF" in swiss


def test_a_commission_of_its_own_counts_and_closed_packages_are_left_out(nord: Tenant) -> None:
    Commission.objects.create(tenant=nord, package_slug="wifi-setup", level="", basis_points=1000)
    assert "€49.00 €4.90 (10%) €44.10" in text_of(stranger().get("/en/handbook/earnings/nord/"))

    with tenant_context(nord):
        Package.objects.update(is_open=False)

    page = text_of(stranger().get("/en/handbook/earnings/nord/"))
    assert "49.00" not in page
    assert "There are no packages at the moment." in page


def test_who_is_no_active_partner_has_no_figures(nord: Tenant) -> None:
    assert stranger().get("/en/handbook/earnings/nobody/").status_code == 404


@pytest.mark.parametrize("language", ["de", "fr", "it", "pl"])
def test_the_page_is_there_in_all_languages(nord: Tenant, language: str) -> None:
    page = stranger().get(f"/{language}/handbook/earnings/nord/")

    assert page.status_code == 200
    assert_valid_html(page)
