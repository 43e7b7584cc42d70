"""The managers' form of a package (R5, R12, R26): languages, prices as people write them, intake questions."""

import pytest
from django.test import Client

from catalog.models import Package, Price, Question
from journeys.order.finding.accept_offer import accept_offer
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import PASSWORD, Cast, book
from tests.responses import Response


def test_a_package_has_a_tab_for_each_language_of_the_partner(manager_client: Client, nord: Tenant) -> None:
    page = manager_client.get(f"/admin/packages/edit/{package_of(nord).pk}/").content.decode()

    for name in ("name_de", "name_en", "questions-0-label_de", "questions-0-label_en", "price_DE"):
        assert f'name="{name}"' in page
    for name in ("name_pl", "name_fr", "questions-0-label_pl", "price_CH"):
        assert f'name="{name}"' not in page


def test_saving_a_package_keeps_the_texts_of_hidden_languages(manager_client: Client, nord: Tenant) -> None:
    package = package_of(nord)
    with tenant_context(nord):
        Package.objects.filter(pk=package.pk).update(name_pl="Konfiguracja")
        Question.objects.filter(package=package).update(label_pl="Pytanie")
        data = form_data(package)

    answer = manager_client.post(f"/admin/packages/edit/{package.pk}/", data | {"name_en": "Wi-Fi made easy"})

    assert answer.status_code == 302, answer.context["form"].errors
    with tenant_context(nord):
        saved = Package.objects.get(pk=package.pk)
        assert saved.name_en == "Wi-Fi made easy"
        assert saved.name_pl == "Konfiguracja"
        assert set(Question.objects.filter(package=package).values_list("label_pl", flat=True)) == {"Pytanie"}


def test_a_price_is_typed_in_major_units_and_its_currency_is_the_countrys(manager_client: Client, nord: Tenant) -> None:
    Tenant.objects.filter(pk=nord.pk).update(countries=["DE", "CH"])
    package = package_of(nord)
    data = typed_by(nord) | {"price_DE": "45", "price_CH": "1\u2019234.50"}

    assert save(manager_client, package, data).status_code == 302

    with tenant_context(nord):
        kept = set(Price.objects.values_list("country", "currency", "amount_minor"))
    assert kept == {("DE", "EUR", 4500), ("CH", "CHF", 123450)}


def test_a_price_has_one_field_so_that_what_is_typed_is_what_is_saved(manager_client: Client, nord: Tenant) -> None:
    page = manager_client.get(f"/admin/packages/edit/{package_of(nord).pk}/").content.decode()

    assert page.count('name="price_DE"') == 1


@pytest.mark.parametrize("typed", ["free", "45 CHF", "0", "-5", "4,5,0", "45.1234", "1000000"])
def test_what_is_no_price_is_refused_at_the_field_and_stays_there(
    manager_client: Client, nord: Tenant, typed: str
) -> None:
    page = save(manager_client, package_of(nord), typed_by(nord) | {"price_DE": typed})

    assert page.context["form"].errors.keys() == {"price_DE"}
    assert f'value="{typed}"' in page.content.decode()
    with tenant_context(nord):
        assert Price.objects.get().amount_minor == 4900


def test_a_package_needs_a_price_somewhere(manager_client: Client, nord: Tenant) -> None:
    page = save(manager_client, package_of(nord), typed_by(nord) | {"price_DE": ""})

    assert "Please enter a price for at least one country." in page.content.decode()


def test_a_price_that_leaves_a_friend_too_little_is_saved_with_a_warning(manager_client: Client, nord: Tenant) -> None:
    package, data = package_of(nord), typed_by(nord)

    told = save(manager_client, package, data | {"price_DE": "29"}, follow=True).content.decode()

    told = told.replace("\N{NO-BREAK SPACE}", " ")
    assert "a friend gets €24.65 of this price, less than the €25.00 that friends are promised." in told
    assert "A price of €29.41 or more leaves them that." in told
    assert "24.65" in manager_client.get(f"/admin/packages/edit/{package.pk}/").content.decode()
    assert "promised" not in save(manager_client, package, data | {"price_DE": "29.41"}, follow=True).content.decode()


def test_a_choice_without_choices_is_refused_at_the_field_and_what_was_typed_stays(
    manager_client: Client, nord: Tenant
) -> None:
    data = typed_by(nord)
    data |= {"questions-0-kind": "choice", "questions-0-options_de": "", "questions-0-options_en": ""}

    page = save(manager_client, package_of(nord), data | {"questions-0-label_de": "Womit denn?"})

    assert page.status_code == 200
    assert page.context["form"].formsets["questions"].errors[0].keys() == {"options_de"}
    assert "Womit denn?" in page.content.decode()


def test_each_language_has_as_many_choices_as_the_main_one(manager_client: Client, nord: Tenant) -> None:
    data = typed_by(nord)
    data |= {"questions-0-options_de": "Kabel\nDSL", "questions-0-options_en": "Cable\nDSL\nFibre"}

    page = save(manager_client, package_of(nord), data)

    assert page.context["form"].formsets["questions"].errors[0].keys() == {"options_en"}


def test_two_questions_with_one_key_are_refused(manager_client: Client, nord: Tenant) -> None:
    data = typed_by(nord)

    page = save(manager_client, package_of(nord), data | {"questions-1-key": data["questions-0-key"]})

    assert page.status_code == 200


def test_the_main_language_is_needed_and_another_one_without_text_is_missing(
    manager_client: Client, visitor: Client, nord: Tenant
) -> None:
    package, data = package_of(nord), typed_by(nord)
    assert save(manager_client, package, data | {"name_de": ""}).context["form"].errors.keys() == {"name_de"}

    empty = {"name_en": "", "summary_en": "", "included_en": "", "not_included_en": "", "questions-0-label_en": ""}
    assert save(manager_client, package, data | empty).status_code == 302

    with tenant_context(nord):
        saved = Package.objects.get()
        assert (saved.name_en, saved.included_en, saved.not_included_en) == (None, None, None)
    page = visitor.get("/en/packages/wifi-setup/").content.decode()
    assert '<h1><span lang="de">WLAN einrichten</span></h1>' in page
    assert '<ul class="ticks" lang="de">' in page
    assert "lang=" not in visitor.get("/de/packages/wifi-setup/").content.decode().split("<main")[1].split("</main")[0]


def test_a_friend_reads_what_is_missing_in_the_partners_main_language(
    manager_client: Client, nord: Tenant, four_near: Cast
) -> None:
    order = book(nord)
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    client = Client(headers={"host": "app.localhost"})
    client.post("/fr/sign-in/", {"username": "ben@friends.example", "password": PASSWORD})

    page = client.get(f"/fr/jobs/{order.placed_job_id}/").content.decode()

    assert '<span lang="de">WLAN einrichten</span>' in page
    assert "Wi-Fi set-up" not in page
    assert "<title>WLAN einrichten" in page


def test_a_product_number_names_one_package(manager_client: Client, nord: Tenant) -> None:
    package, data = package_of(nord), typed_by(nord)
    with tenant_context(nord):
        Package.objects.create(slug="other", name_de="X", minutes=30, skills=["wifi"], product_number="EAN-1")

    taken = save(manager_client, package, data | {"product_number": "EAN-1"})
    kept = save(manager_client, package, data | {"product_number": " EAN-2 "})

    assert taken.context["form"].errors.keys() == {"product_number"}
    assert kept.status_code == 302
    assert "EAN-2" in manager_client.get("/admin/packages/").content.decode()
    assert save(manager_client, package, data | {"product_number": ""}).status_code == 302
    with tenant_context(nord):
        assert list(Package.objects.order_by("pk").values_list("product_number", flat=True)) == [None, "EAN-1"]


def save(client: Client, package: Package, data: dict[str, object], *, follow: bool = False) -> Response:
    """Send the form of a package."""
    return client.post(f"/admin/packages/edit/{package.pk}/", data, follow=follow)


def typed_by(tenant: Tenant) -> dict[str, object]:
    """Return what the form of the partner's package holds."""
    with tenant_context(tenant):
        return form_data(Package.objects.get())


def package_of(tenant: Tenant) -> Package:
    """Return the partner's only package."""
    with tenant_context(tenant):
        return Package.objects.get()


def form_data(package: Package) -> dict[str, object]:
    """Return what the package's form holds as it is."""
    data: dict[str, object] = {"slug": package.slug, "minutes": 60, "level": "friend", "icon": "wifi", "skills": "wifi"}
    data |= {"is_open": "on", "name_en": package.name_en, "name_de": package.name_de, "price_DE": "49.00"}
    for field in ("summary", "included", "not_included"):
        data |= {f"{field}_{code}": getattr(package, f"{field}_{code}") or "x" for code in ("de", "en")}
    rows = list(package.questions.all())
    data |= {"questions-TOTAL_FORMS": len(rows), "questions-INITIAL_FORMS": len(rows)}
    texts = [f"{name}_{code}" for name in ("label", "help", "options") for code in ("de", "en")]
    for place, row in enumerate(rows):
        prefix = f"questions-{place}-"
        names = ["key", "kind", "is_required", "min_value", "max_value", "max_length", "sort_order", *texts]
        values = {name: getattr(row, name) for name in names}
        data |= {prefix + name: "" if value is None else value for name, value in values.items()}
        data |= {f"{prefix}id": row.pk, f"{prefix}DELETE": "", f"{prefix}ORDER": place}
    return data
