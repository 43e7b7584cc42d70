"""Operators look after partners on the platform host (R4, R21)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Kind, User
from kernel.clock import now
from tenants.isolation.names import schema_name_for
from tenants.models import Domain, Operation, Tenant
from tenants.selectors import history, settings_version
from tenants.services import change_settings
from tenants.settings.commissions import commissions_of
from tests.cast import PASSWORD, put_in_category
from tests.console.test_settings import posted
from tests.pages import assert_valid_html

HOME = "/en/operators/"
PARTNERS = f"{HOME}partners/"
NEW = f"{HOME}new/"
NORD = f"{HOME}partners/nord/"
NEW_PARTNER = {
    "slug": "osten",
    "name": "Osten",
    "legal_name": "Osten Ltd",
    "domain": "",
    "manager_first_name": "Ota",
    "manager_last_name": "Osten",
    "manager_email": "ota@osten.example",
    "manager_language": "de",
    "countries": ["DE", "PL"],
    "languages": ["de", "pl"],
    "default_language": "de",
    "currency": "EUR",
    "commission_bp": "15",
    "brand_colour": "#123456",
    "accent_colour": "",
}


@pytest.fixture
def olga(db: None) -> User:
    """Return the operator."""
    return User.objects.create_user(
        "olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga", last_name="Muster"
    )


@pytest.fixture
def operator_client(olga: User) -> Client:
    """Return Olga, signed in on the platform host."""
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


@pytest.fixture
def client_of_many(owner: None) -> Iterator[Client]:
    """Return an operator's client where partners can be made: with the owner's login, and committed."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR)
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    yield client
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_user WHERE id = %s", [olga.pk])


def partner_row(slug: str, **fields: Any) -> Tenant:
    """Write a partner's row and host without a schema, as far as lists are concerned."""
    tenant = Tenant(
        slug=slug, schema_name=schema_name_for(slug), name=slug.title(), languages=["de"], countries=["DE"], **fields
    )
    tenant.save()
    Domain.objects.create(tenant=tenant, domain=f"{slug}.localhost", is_primary=True)
    return tenant


def test_an_operator_lands_on_what_waits_after_signing_in(olga: User, nord: Tenant) -> None:
    client = Client(headers={"host": "app.localhost"})

    answer = client.post("/en/account/sign-in/", {"login": olga.email, "password": PASSWORD}, follow=True)

    assert answer.redirect_chain[-1][0] == HOME
    assert "Nothing waits for a decision." in answer.content.decode()


@pytest.mark.parametrize(
    "path", [HOME, PARTNERS, NEW, NORD, f"{NORD}settings/", f"{NORD}commissions/", f"{NORD}history/"]
)
def test_every_page_is_well_formed_and_for_operators_only(
    operator_client: Client, friend_client: Client, nord: Tenant, path: str
) -> None:
    answer = operator_client.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert_valid_html(answer)

    assert friend_client.get(path).status_code == 403
    stranger = Client(headers={"host": "app.localhost"})
    assert stranger.get(path)["Location"].startswith("/en/account/sign-in/?next=")
    assert Client(headers={"host": "nord.localhost"}).get(path).status_code == 404


def test_a_manager_of_a_partner_is_a_stranger_here(manager_client: Client) -> None:
    stranger = Client(headers={"host": "app.localhost"})
    stranger.cookies["sessionid"] = manager_client.cookies["sessionid"].value

    assert stranger.get(HOME).status_code == 302


def test_friends_post_nothing_here(friend_client: Client, nord: Tenant) -> None:
    assert friend_client.post(NEW, NEW_PARTNER).status_code == 403
    assert friend_client.post(f"{NORD}settings/", {"name": "Mine"}).status_code == 403

    assert not Operation.objects.exists()
    nord.refresh_from_db()
    assert nord.name == "Nord"


def test_partners_are_found_by_name_host_and_state(operator_client: Client, nord: Tenant, sued: Tenant) -> None:
    Tenant.objects.filter(pk=sued.pk).update(state="suspended")

    def found(**query: str) -> set[str]:
        page = operator_client.get(PARTNERS, query).content.decode()
        return {slug for slug in ("nord", "sued") if f"/partners/{slug}/" in page}

    assert found() == {"nord", "sued"}
    assert found(q="NOR") == {"nord"}
    assert found(q="sued.local") == {"sued"}
    assert found(state="suspended") == {"sued"}
    assert found(q="nobody") == set()
    assert found(state="nonsense") == {"nord", "sued"}


def test_the_list_takes_as_many_queries_for_twenty_partners_as_for_two(client_of_many: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client_of_many.get(PARTNERS).status_code == 200
        return len(captured)

    few = queries()
    for number in range(18):
        partner_row(f"partner-{number}")

    assert queries() == few


def test_a_long_list_is_cut_into_pages_that_keep_the_search(client_of_many: Client) -> None:
    for number in range(60):
        partner_row(f"partner-{number:02}")

    first = client_of_many.get(PARTNERS, {"q": "partner"}).content.decode()

    assert "Page 1 of 2" in first
    assert "?q=partner&amp;page=2" in first
    assert "Partner-59" in client_of_many.get(PARTNERS, {"q": "partner", "page": "2"}).content.decode()


def test_a_new_partner_becomes_an_operation_that_the_page_follows(operator_client: Client, nord: Tenant) -> None:
    answer = operator_client.post(NEW, NEW_PARTNER)

    operation = Operation.objects.get()
    assert answer["Location"] == f"{HOME}operations/{operation.pk}/"
    assert (operation.slug, operation.who, operation.state) == ("osten", "Olga Muster", "waiting")
    assert operation.request["fields"]["countries"] == ["DE", "PL"]
    assert operation.request["manager"]["email"] == "ota@osten.example"
    assert "osten is being created" in operator_client.get(PARTNERS).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("slug", "nord", "taken"),
        ("slug", "admin", "reserved"),
        ("slug", "x" * 41, "shorter"),
        ("slug", 'a"; DROP SCHEMA public; --', "lowercase letters"),
        ("slug", "", "short name"),
        ("domain", "https://osten.example/", "only the host name"),
        ("domain", "osten.localhost", "given by the platform"),
        ("domain", "nord.localhost", "given by the platform"),
        ("name", "", "name of the brand"),
        ("countries", [], "at least one country"),
        ("languages", ["pl"], "one of the chosen languages"),
        ("brand_colour", "red", "#0a5c5c"),
        ("manager_email", "nobody", "valid email"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    operator_client: Client, nord: Tenant, field: str, value: Any, words: str
) -> None:
    answer = operator_client.post(NEW, NEW_PARTNER | {"legal_name": "Kept Ltd"} | {field: value})

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert any(words in " ".join(messages) for messages in errors.values()), errors
    assert 'value="Kept Ltd"' in answer.content.decode()
    assert_valid_html(answer)
    assert not Operation.objects.exists()


def test_colours_are_looked_at_before_anything_is_asked_for(operator_client: Client, nord: Tenant) -> None:
    answer = operator_client.post(
        NEW, {"brand_colour": "#ffe600", "countries": ["PL"], "name": "Osten", "preview": "1"}
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'fill="#ffe600"' in page
    assert 'value="Osten"' in page
    assert "There is a problem" not in page
    assert not Operation.objects.exists()


def test_asking_twice_for_one_name_is_told(operator_client: Client, nord: Tenant) -> None:
    operator_client.post(NEW, NEW_PARTNER)

    answer = operator_client.post(NEW, NEW_PARTNER)

    assert answer.status_code == 422
    assert "being created already" in answer.content.decode()
    assert Operation.objects.count() == 1


def operation(**fields: Any) -> Operation:
    """Write a creation as the owner's worker has left it."""
    defaults = {"kind": "create", "slug": "osten", "who": "Olga Muster", "created_at": now()}
    asked = {"fields": {"name": "Osten", "countries": ["PL"]}, "manager": {"email": "ota@osten.example"}}
    return Operation.objects.create(**(defaults | {"request": asked} | fields))


def shown(client: Client, found: Operation, **headers: str) -> str:
    """Return the page of an operation."""
    answer = client.get(f"{HOME}operations/{found.pk}/", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_of_an_operation_tells_how_far_it_is_with_and_without_javascript(
    operator_client: Client, nord: Tenant
) -> None:
    running = operation(state="running", percent=40, step="Pages")

    page, part = shown(operator_client, running), shown(operator_client, running, hx_request="true")

    for text in (page, part):
        assert 'value="40"' in text
        assert "Pages" in text
        assert "data-live" in text
        assert "Check again" in text
    assert "<html" in page
    assert "<html" not in part


def test_it_ends_with_the_address_of_the_new_partner(operator_client: Client, nord: Tenant) -> None:
    page = shown(operator_client, operation(state="done", percent=100, tenant=nord))

    assert "Nord is ready" in page
    assert "http://nord.localhost" in page
    assert "data-live" not in page


def test_it_ends_with_a_clear_error_and_what_was_typed(operator_client: Client, nord: Tenant) -> None:
    failed = operation(state="failed", error="The disk is full.")

    page = shown(operator_client, failed)

    assert "The disk is full." in page
    assert f"?again={failed.pk}" in page
    form = operator_client.get(NEW, {"again": str(failed.pk)}).content.decode()
    for kept in ('value="osten"', 'value="Osten"', 'value="ota@osten.example"'):
        assert kept in form


@pytest.mark.parametrize(
    "path", [f"operations/{UUID(int=1)}/", "partners/nobody/", "partners/platform/", "new/?again=x"]
)
def test_what_does_not_exist_is_not_found(operator_client: Client, nord: Tenant, path: str) -> None:
    assert operator_client.get(f"{HOME}{path}").status_code == 404


def all_settings(tenant: Tenant, **changes: Any) -> dict[str, Any]:
    """Return the operators' form as it is, with changes."""
    more = {
        "logo": tenant.logo,
        "countries": tenant.countries,
        "currency": tenant.currency,
        "overflows": "on",
        "diagnosis_bp": tenant.diagnosis_bp / 100,
        "no_show_bp": tenant.no_show_bp / 100,
    }
    return posted(tenant) | more | changes


def test_an_operator_changes_what_is_agreed_with_the_platform(operator_client: Client, nord: Tenant) -> None:
    changes = {"diagnosis_bp": "12.5", "countries": ["AT", "DE"], "currency": "CHF"}

    answer = operator_client.post(f"{NORD}settings/", all_settings(nord, **changes))

    assert answer.status_code == 302, answer.context["form"].errors
    nord.refresh_from_db()
    # Germany stays first: its clock is the partner's.
    assert (nord.diagnosis_bp, nord.countries, nord.currency) == (1250, ["DE", "AT"], "CHF")
    assert set(history(nord).values_list("who", flat=True)) == {"Olga Muster"}
    page = operator_client.get(f"{NORD}history/").content.decode()
    for words in ("12.5", "Germany, Austria", "Olga Muster"):
        assert words in page


def test_an_operator_sees_what_would_happen_before_it_is_saved(operator_client: Client, nord: Tenant) -> None:
    """Rules are compared before they are switched."""
    changes = {"last_resort": "cancel", "overflows": "", "diagnosis_bp": "40", "preview": "plan"}

    answer = operator_client.post(f"{NORD}settings/", all_settings(nord, **changes))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "This is what would happen under these rules" in page
    assert "the order is cancelled, and the customer and managers are notified" in page
    assert "friends of the shared crowd" not in page
    nord.refresh_from_db()
    assert (nord.last_resort, nord.diagnosis_bp) == ("desk", 5_000)


def test_wrong_settings_are_said_and_kept(operator_client: Client, nord: Tenant) -> None:
    answer = operator_client.post(f"{NORD}settings/", all_settings(nord, diagnosis_bp="101", logo="../x.svg"))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"diagnosis_bp", "logo"}
    assert 'value="101"' in answer.content.decode()
    assert_valid_html(answer)


def test_a_form_older_than_a_managers_change_is_refused_and_shows_it(operator_client: Client, nord: Tenant) -> None:
    opened = all_settings(nord, wave_size="3")
    change_settings(tenant=nord, who="Maja Nord", now=now(), wave_minutes=45)

    answer = operator_client.post(f"{NORD}settings/", opened)

    assert answer.status_code == 409
    assert "Maja Nord" in answer.content.decode()
    nord.refresh_from_db()
    assert nord.wave_size == 4


def planned(tenant: Tenant, **more: str) -> dict[str, Any]:
    """Return a posted change of the table of commissions."""
    return {"percent": "12.5", "valid_from": "2026-12-09", "version": settings_version(tenant)} | more


def test_the_base_rate_is_not_changed_at_once(operator_client: Client, nord: Tenant) -> None:
    assert operator_client.post(f"{NORD}settings/", all_settings(nord, commission_bp="99")).status_code == 302

    nord.refresh_from_db()
    assert nord.commission_bp == 1_500


def test_a_change_of_the_commissions_is_planned_and_shown(operator_client: Client, nord: Tenant) -> None:
    path = f"{NORD}commissions/"
    change = planned(nord, package_slug="wifi-setup", country="DE")
    seen = operator_client.post(path, change)
    assert_valid_html(seen)
    for words in ("15% →", "12.5%", "Announce the change", "41.65", "42.87"):
        assert words in seen.content.decode()
    assert commissions_of(nord) == []
    assert operator_client.post(path, change | {"announce": "1"}).status_code == 302

    (row,) = commissions_of(nord)
    assert (row.package_slug, row.country, row.basis_points) == ("wifi-setup", "DE", 1250)
    page = operator_client.get(path)
    assert "Wi-Fi set-up, Germany" in page.content.decode()
    assert "from 9 December 2026" in page.content.decode()
    assert_valid_html(page)
    assert (
        "wifi-setup, Germany: 12.5% (from 9 December 2026)" in operator_client.get(f"{NORD}history/").content.decode()
    )


def test_a_commission_of_a_category_is_planned_and_shown(operator_client: Client, nord: Tenant) -> None:
    path = f"{NORD}commissions/"
    put_in_category("wifi", "network")
    change = planned(nord, category="network", country="DE")
    seen = operator_client.post(path, change)
    assert_valid_html(seen)
    for words in ("15% →", "41.65", "42.87"):
        assert words in seen.content.decode()
    other = operator_client.post(path, planned(nord, category="tv"))
    assert "No package on sale pays differently." in other.content.decode()

    assert operator_client.post(path, change | {"announce": "1"}).status_code == 302

    assert "Wi-Fi and network, Germany" in operator_client.get(path).content.decode()
    assert "network, Germany: 12.5%" in operator_client.get(f"{NORD}history/").content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"percent": "100.5"}, "from 0 to 100"),
        ({"valid_from": "2026-12-08"}, "15 days ahead"),
        ({"valid_from": ""}, "enter a day"),
        ({"percent": ""}, "no rate for this that could end"),
        ({"package_slug": "nothing"}, "valid choice"),
        ({"category": "nothing"}, "valid choice"),
        ({"category": "network", "package_slug": "wifi-setup"}, "either a package or a category"),
    ],
)
def test_a_wrong_change_is_said_and_kept(
    operator_client: Client, nord: Tenant, more: dict[str, str], words: str
) -> None:
    answer = operator_client.post(f"{NORD}commissions/", planned(nord, **more))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert_valid_html(answer)
    assert commissions_of(nord) == []
