"""A partner's settings (R4, R17, R21): validated, with the history of who changed what."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from catalog.errors import PackageClosed
from catalog.models import Package
from journeys.order.booking.book_package import BookingClosed, answer_place
from journeys.order.working.complete_job import RatingsSwitchedOff, rate_completion
from kernel.clock import now
from notices.brands import partner_sender
from tenants.context import current_tenant, tenant_context
from tenants.errors import SettingsChangedMeanwhile, UnableToChangeSettings, UnableToRequestOperation
from tenants.models import Feature, Operation, OperationKind, SettingsChange, Tenant
from tenants.selectors import history, settings_version
from tenants.services import change_settings, request_operation
from tenants.settings.rules import LIMITS, RESERVED_SLUGS
from tests.billing.sellers import QR_IBAN, seller
from tests.cast import Cast, book


def change(tenant: Tenant, **fields: Any) -> Tenant:
    """Let Maja change settings."""
    return change_settings(tenant=tenant, who="Maja Nord", now=now(), **fields)


def test_each_changed_field_leaves_a_row_with_both_values_and_who_did_it(nord: Tenant) -> None:
    assert not history(nord).exists()

    change(nord, wave_size=3, name="Nordlicht", email=nord.email)

    rows = {row.field: (row.before, row.after, row.who) for row in history(nord)}
    assert rows == {"wave_size": (4, 3, "Maja Nord"), "name": ("Nord", "Nordlicht", "Maja Nord")}


def test_nothing_changed_leaves_no_trace(nord: Tenant) -> None:
    change(nord, wave_size=nord.wave_size, languages=list(nord.languages))

    assert not history(nord).exists()


def test_a_manager_changes_them_from_inside_the_own_partner(nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        change(nord, tagline={"de": "Hallo", "en": "Hello"})

        assert current_tenant() == nord

    nord.refresh_from_db()
    assert nord.tagline == {"de": "Hallo", "en": "Hello"}
    assert history(nord).count() == 1
    assert not history(sued).exists()


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"languages": []}, "languages", "at least one language"),
        ({"languages": ["de", "xx"]}, "languages", "languages of the platform"),
        ({"languages": ["de", "de"]}, "languages", "languages of the platform"),
        ({"default_language": "pl"}, "default_language", "one of the chosen"),
        ({"languages": ["en"]}, "default_language", "one of the chosen"),
        ({"countries": []}, "countries", "at least one country"),
        ({"countries": ["DE", "US"]}, "countries", "countries of the platform"),
        ({"currency": "USD"}, "currency", "currencies"),
        ({"tagline": {"de": "Hallo"}}, "tagline", "English"),
        ({"brand_colour": "red"}, "brand_colour", "#0a5c5c"),
        ({"brand_colour": ""}, "brand_colour", "#0a5c5c"),
        ({"accent_colour": "#12"}, "accent_colour", "#0a5c5c"),
        ({"email": "nobody"}, "email", "email"),
        ({"reply_to": "no body@x"}, "reply_to", "email"),
        ({"address": "Weg 1\n10115 Berlin"}, "address", "one line"),
        ({"country_contacts": {"US": {"phone": "1"}}}, "country_contacts", "countries of the platform"),
        ({"country_contacts": {"DE": {"email": "nobody"}}}, "country_contacts", "Germany: Enter a valid email"),
        ({"country_contacts": {"DE": {"phone": "1\n2"}}}, "country_contacts", "one line"),
        ({"sellers": {"US": {"name": "Nord"}}}, "sellers", "countries of the platform"),
        ({"sellers": {"DE": {"name": "Nord"}}}, "sellers", "Germany: An invoice needs this"),
        ({"sellers": {"DE": seller("DE", iban="DE89370400440532013001")}}, "sellers", "digit by digit"),
        ({"sellers": {"DE": seller("DE", iban="DE89 3704 0044 0532 0130 00")}}, "sellers", "digit by digit"),
        ({"sellers": {"CH": seller("CH", iban="DE89370400440532013000")}}, "sellers", "Switzerland or Liechtenstein"),
        ({"sellers": {"DE": seller("DE", iban=QR_IBAN)}}, "sellers", "in Switzerland only"),
        ({"sellers": {"DE": seller("DE", days=121)}}, "sellers", "0 to 120"),
        ({"sellers": {"DE": seller("DE", kind="nobody")}}, "sellers", "Please choose"),
        ({"sellers": {"DE": seller("DE", name="x" * 71)}}, "sellers", "at most 70"),
        ({"sellers": {"DE": seller("DE", town="Berlin\n")}}, "sellers", "one line"),
        ({"name": ""}, "name", "blank"),
        ({"name": "x" * 81}, "name", "80"),
        ({"sender_name": "Nord\nBcc: all@friends.example"}, "sender_name", "one line"),
        ({"commission_bp": 10_001}, "commission_bp", "0 to 100"),
        ({"commission_bp": -1}, "commission_bp", "0 to 100"),
        ({"reach_m": 999}, "reach_m", "1 to 100 km"),
        ({"reach_m": 100_001}, "reach_m", "1 to 100 km"),
        ({"own_waves": 0, "overflows": False}, "own_waves", "At least one round"),
        ({"own_waves": 0, "crowd_waves": 0}, "own_waves", "at least one round"),
        ({"features": ["booking", "magic"]}, "features", "features"),
        ({"logo": "../secret.svg"}, "logo", "no such file"),
        ({"logo": "quartett/brands/nobody.svg"}, "logo", "no such file"),
        *(({name: high + 1}, name, f"{low} to {high}") for name, (low, high) in LIMITS.items()),
    ],
)
def test_what_is_not_right_is_said_by_field_and_nothing_is_written(
    nord: Tenant, fields: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(UnableToChangeSettings) as refusal:
        change(nord, legal_name="Other", **fields)

    assert words in refusal.value.fields[field]
    nord.refresh_from_db()
    assert nord.legal_name == "Nord (Demo)"
    assert not history(nord).exists()


def test_a_setting_that_does_not_exist_is_a_fault_of_ours(nord: Tenant) -> None:
    with pytest.raises(TypeError):
        change(nord, schema_name="public")


def test_a_form_that_is_older_than_somebody_elses_change_is_refused(nord: Tenant) -> None:
    opened = settings_version(nord)
    change(nord, wave_size=2, version=opened)

    with pytest.raises(SettingsChangedMeanwhile):
        change(nord, wave_size=3, version=opened)

    nord.refresh_from_db()
    assert nord.wave_size == 2


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Tenant]:
    """Let changes be committed, for threads of their own connections must see them, and undo them afterwards."""
    with django_db_blocker.unblock():
        tenant = Tenant.objects.get(slug="nord")
        yield tenant
        SettingsChange.objects.filter(tenant=tenant).delete()
        Tenant.objects.filter(pk=tenant.pk).update(wave_size=tenant.wave_size)
        connection.close()


def race(tenant: Tenant, *, version: int | None) -> list[str]:
    """Let eight managers save at the same moment; return what came of it."""
    gate, results = threading.Barrier(8), [""] * 8

    def save(place: int) -> None:
        try:
            gate.wait()
            change(tenant, wave_size=place + 5, version=version)
            results[place] = "saved"
        except SettingsChangedMeanwhile:
            results[place] = "refused"
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.race
def test_of_eight_who_save_at_once_one_is_saved_and_seven_are_told(committed: Tenant) -> None:
    results = race(committed, version=settings_version(committed))

    assert sorted(results) == ["refused"] * 7 + ["saved"]
    assert history(committed).count() == 1


@pytest.mark.race
def test_without_the_version_all_eight_would_overwrite_each_other(committed: Tenant) -> None:
    assert race(committed, version=None) == ["saved"] * 8

    rows = list(history(committed).order_by("id"))
    assert [row.before for row in rows[1:]] == [row.after for row in rows[:-1]]


def test_mails_carry_the_senders_name_and_reply_address(nord: Tenant) -> None:
    assert (partner_sender(nord).name, partner_sender(nord).reply_to) == ("Nord", "hello@nord.example")

    changed = change(nord, sender_name="Nord service", reply_to="answers@nord.example")

    assert partner_sender(changed).name == "Nord service"
    assert partner_sender(changed).reply_to == "answers@nord.example"


@pytest.mark.parametrize("fields", [{"is_open": False}, {"features": [Feature.COMMUNITY, Feature.REVIEWS]}])
def test_a_partner_that_takes_no_orders_says_so(nord: Tenant, four_near: Cast, fields: dict[str, Any]) -> None:
    closed = change(nord, **fields)

    with tenant_context(closed), pytest.raises(BookingClosed):
        answer_place(package=Package.objects.get(), country="DE", postal_code="10115", now=now())


def test_a_closed_package_is_told_from_a_closed_partner(nord: Tenant, four_near: Cast) -> None:
    with tenant_context(nord), pytest.raises(PackageClosed):
        answer_place(package=Package(is_open=False), country="DE", postal_code="10115", now=now())


def test_nobody_rates_where_ratings_are_switched_off(nord: Tenant, four_near: Cast) -> None:
    order = book(nord)
    change(nord, features=[Feature.BOOKING])

    with tenant_context(nord), pytest.raises(RatingsSwitchedOff):
        rate_completion(order_uuid=order.uuid, tenant_id=nord.pk, stars=5, words="", now=now())


def new_partner(**values: Any) -> dict[str, Any]:
    """Return a request for a new partner that is right."""
    return {
        "fields": {
            "name": "Osten",
            "languages": ["de"],
            "default_language": "de",
            "countries": ["DE"],
            "currency": "EUR",
            "brand_colour": "#123456",
        },
        "domain": "",
        "manager": {
            "email": "ota@osten.example",
            "first_name": "Ota",
            "last_name": "Osten",
            "language": "de",
        },
    } | values


def ask_for(slug: str = "osten", **values: Any) -> Operation:
    """Let Olga ask for a new partner."""
    return request_operation(kind=OperationKind.CREATE, slug=slug, request=new_partner(**values), who="Olga", now=now())


def test_a_new_partner_is_asked_for_and_waits_for_the_owners_worker(nord: Tenant) -> None:
    operation = ask_for()

    assert (operation.state, operation.slug, operation.who) == ("waiting", "osten", "Olga")
    assert operation.request["manager"]["email"] == "ota@osten.example"


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("nord", "taken"),
        ("", "letter"),
        ("1st", "letter"),
        ("Osten", "lowercase letters"),
        ("o--st", "single hyphens"),
        ('x";drop schema public', "lowercase letters"),
        ("x" * 41, "shorter"),
        *((slug, "reserved") for slug in sorted(RESERVED_SLUGS)),
    ],
)
def test_a_name_that_will_not_do_is_refused_kindly(nord: Tenant, slug: str, words: str) -> None:
    with pytest.raises(UnableToRequestOperation) as refusal:
        ask_for(slug)

    assert words in refusal.value.fields["slug"]
    assert not Operation.objects.exists()


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("nord.localhost", "given by the platform"),
        ("https://osten.example/", "only the host name"),
        ("osten", "only the host name"),
        ("-a.example", "only the host name"),
        ("a" * 64 + ".example", "only the host name"),
    ],
)
def test_a_host_that_will_not_do_is_refused_kindly(nord: Tenant, host: str, words: str) -> None:
    with pytest.raises(UnableToRequestOperation) as refusal:
        ask_for(domain=host)

    assert words in refusal.value.fields["domain"]


def test_a_host_of_another_partner_is_refused(nord: Tenant) -> None:
    nord.domains.create(domain="help.nord.example", is_primary=False)

    with pytest.raises(UnableToRequestOperation) as refusal:
        ask_for(domain="help.nord.example")

    assert "belongs to a partner" in refusal.value.fields["domain"]


def test_two_creations_of_one_name_at_once_are_one(nord: Tenant) -> None:
    ask_for()

    with pytest.raises(UnableToRequestOperation) as refusal:
        ask_for()

    assert "already" in refusal.value.fields["slug"]
    assert Operation.objects.count() == 1


def test_faults_of_settings_and_manager_are_said_together(nord: Tenant) -> None:
    with pytest.raises(UnableToRequestOperation) as refusal:
        ask_for(fields={"name": "", "languages": []}, manager={"email": "x"})

    wrong = {"name", "languages", "countries", "manager_email", "manager_first_name", "manager_language"}
    assert wrong <= set(refusal.value.fields)
