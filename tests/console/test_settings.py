"""Managers change their partner's settings (R4): only theirs, only what is theirs to change."""

from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from cms.services import managers_group
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import history, settings_version
from tenants.services import change_settings
from tenants.settings.ways import ways_in
from tests.cast import PASSWORD, sign_in_staff
from tests.pages import html_of, press, text_of

PATH = "/admin/partner-settings/"


def posted(tenant: Tenant, **changes: Any) -> dict[str, Any]:
    """Return what the form holds as it is, with changes."""
    data: dict[str, Any] = {
        "version": settings_version(tenant),
        "name": tenant.name,
        "legal_name": tenant.legal_name,
        "email": tenant.email,
        "phone": tenant.phone,
        "address": tenant.address,
        "theme": tenant.theme,
        "brand_colour": tenant.brand_colour,
        "accent_colour": tenant.accent_colour,
        "languages": tenant.languages,
        "default_language": tenant.default_language,
        "wave_size": tenant.wave_size,
        "own_waves": tenant.own_waves,
        "crowd_waves": tenant.crowd_waves,
        "wave_minutes": tenant.wave_minutes,
        "newcomer_seat": "on" if tenant.newcomer_seat else "",
        "last_resort": tenant.last_resort,
        "quiet_from": "" if tenant.quiet_from is None else tenant.quiet_from,
        "quiet_until": "" if tenant.quiet_until is None else tenant.quiet_until,
        "question_rest_minutes": tenant.question_rest_minutes,
        "booking_days": tenant.booking_days,
        "visits_from": tenant.visits_from,
        "visits_until": tenant.visits_until,
        "pro_surcharge_bp": tenant.pro_surcharge_bp / 100,
        "contact_hours": tenant.contact_hours,
        "reach_m": tenant.reach_m / 1000,
        **{f"ways_{code}": list(ways_in(tenant, code)) for code in tenant.countries},
        "sender_name": tenant.sender_name,
        "reply_to": tenant.reply_to,
        "is_open": "on",
        "features": tenant.features,
    }
    data |= {f"reminders_days_{place}": row["days"] for place, row in enumerate(tenant.reminders)}
    return data | changes


def test_the_form_shows_what_is_set_and_saving_it_untouched_changes_nothing(
    manager_client: Client, nord: Tenant
) -> None:
    page = manager_client.get(PATH).content.decode()
    for shown in (
        'value="Nord"',
        'value="50"',
        'name="tagline_pl"',
        "Agreed with the platform",
        "Commission in percent",
    ):
        assert shown in page

    answer = manager_client.post(PATH, posted(nord))

    assert answer.status_code == 302
    assert not history(nord).exists()


def test_a_manager_changes_settings_and_finds_them_in_the_history(manager_client: Client, nord: Tenant) -> None:
    answer = manager_client.post(
        PATH,
        posted(
            nord, wave_size="3", reach_m="12.5", languages=["de", "en", "fr"], tagline_de="Hallo", tagline_en="Hello"
        )
        | {"tagline_fr": "Bonjour"},
    )
    assert answer.status_code == 302, answer.content.decode()

    nord.refresh_from_db()
    assert (nord.wave_size, nord.reach_m, nord.languages) == (3, 12_500, ["de", "en", "fr"])
    page = manager_client.get(f"{PATH}history/").content.decode()
    for shown in ("Friends in a round", "Maximum distance in km", "12.5", "German, English, French", "Maja Nord"):
        assert shown in page
    assert "wave_size" not in page


def test_wrong_values_stay_and_are_explained_beside_their_fields(manager_client: Client, nord: Tenant) -> None:
    wrong = {"wave_size": "99", "brand_colour": "red", "reply_to": "nobody", "own_waves": "many", "sender_name": "Ours"}

    answer = manager_client.post(PATH, posted(nord, **wrong))

    page = answer.content.decode()
    assert answer.status_code == 422
    for kept in ('value="99"', 'value="red"', 'value="nobody"', 'value="many"', 'value="Ours"'):
        assert kept in page
    nord.refresh_from_db()
    assert nord.wave_size == 4


def test_all_that_is_wrong_is_said_at_once(manager_client: Client, nord: Tenant) -> None:
    answer = manager_client.post(PATH, posted(nord, name="", wave_size="99", brand_colour="red", tagline_de="Hallo"))

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {"name", "wave_size", "brand_colour", "tagline_en"}
    assert "from 1 to 20" in errors["wave_size"][0]


def test_what_is_agreed_with_the_platform_cannot_be_posted(manager_client: Client, nord: Tenant) -> None:
    answer = manager_client.post(
        PATH,
        posted(nord, countries=["PL"], currency="PLN", commission_bp="1", overflows="", logo="x.svg", slug="mine"),
    )

    assert answer.status_code == 302
    before = {name: getattr(nord, name) for name in ("countries", "currency", "commission_bp", "overflows", "slug")}
    nord.refresh_from_db()
    assert {name: getattr(nord, name) for name in before} == before
    assert not history(nord).exists()


def test_colours_are_looked_at_before_they_are_saved(manager_client: Client, nord: Tenant) -> None:
    answer = manager_client.post(PATH, posted(nord, brand_colour="#ffe600", preview="1"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'fill="#ffe600"' in page
    assert "Nothing has been saved yet" in page
    nord.refresh_from_db()
    assert nord.brand_colour == "#d7263d"


def test_two_managers_at_once_do_not_overwrite_each_other_unseen(manager_client: Client, nord: Tenant) -> None:
    opened = posted(nord, wave_size="3")
    change_settings(tenant=nord, who="Mika Nord", now=now(), wave_minutes=45)

    answer = manager_client.post(PATH, opened)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has changed" in page
    assert "Mika Nord" in page
    nord.refresh_from_db()
    assert (nord.wave_size, nord.wave_minutes) == (4, 45)

    again = manager_client.post(PATH, opened | {"version": answer.context["version"]})

    assert again.status_code == 302
    nord.refresh_from_db()
    assert (nord.wave_size, nord.wave_minutes) == (3, 30)


def test_a_manager_sees_only_the_own_partner(manager_client: Client, nord: Tenant, sued: Tenant) -> None:
    change_settings(tenant=sued, who="Moni Süd", now=now(), legal_name="Süd secret")

    assert "Süd" not in manager_client.get(PATH).content.decode()
    assert "Moni" not in manager_client.get(f"{PATH}history/").content.decode()

    manager_client.post(PATH, posted(nord, name="Nordlicht"))

    sued.refresh_from_db()
    assert sued.name == "Süd"


@pytest.mark.parametrize("path", [PATH, f"{PATH}history/"])
def test_staff_of_another_group_and_strangers_do_not_get_in(nord: Tenant, visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 302
    with tenant_context(nord):
        editors = Group.objects.create(name="Writers")
        editors.permissions.add(Permission.objects.get(codename="access_admin"))
        editor = User.objects.create_user("edda@nord.example", PASSWORD)
        editor.groups.add(editors)
    client = Client(headers={"host": "nord.localhost"})
    sign_in_staff(client, "edda@nord.example")
    assert client.get("/admin/").status_code == 200

    assert client.get(path).status_code == 302
    assert client.post(PATH, posted(nord, name="Mine")).status_code == 302
    assert path not in client.get("/admin/").content.decode()
    nord.refresh_from_db()
    assert nord.name == "Nord"


def test_the_group_of_managers_has_the_right(nord: Tenant) -> None:
    with tenant_context(nord):
        rights = set(managers_group().permissions.values_list("codename", flat=True))

    assert {"change_settings", "access_admin", "add_locale", "submit_translation"} <= rights


def test_a_manager_says_when_customers_are_reminded_and_what_that_costs(manager_client: Client, nord: Tenant) -> None:
    page = manager_client.get(PATH)
    assert nord.countries[0] == "DE"

    answer = press(
        manager_client,
        page,
        "Save the settings",
        {"reminders_days_0": "10", "reminders_days_1": "", "reminders_days_2": "30", "reminders_EUR_2": "7,50"},
    )

    assert "The settings have been saved." in text_of(answer)
    nord.refresh_from_db()
    assert nord.reminders == [{"days": 10}, {"days": 30, "fees": {"EUR": 750}}]
    assert 'value="7.50"' in manager_client.get(PATH).content.decode()
    said = text_of(manager_client.get(f"{PATH}history/"))
    assert "10 days after it was due · 30 days after it was due: €7.50" in said


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reminders_days_1": "soon"}, "Please enter the days after an invoice was due in every row"),
        ({"reminders_EUR_0": "five"}, "Please enter the days after an invoice was due in every row"),
        ({"reminders_days_1": "9"}, "please leave at least 8 days between two reminders"),
        ({"reminders_days_2": "366"}, "Please enter days from 1 to 365."),
        ({"reminders_EUR_0": "100,01"}, "A reminder can cost at most 100."),
    ],
)
def test_reminders_that_cannot_be_are_refused(
    manager_client: Client, nord: Tenant, typed: dict[str, str], words: str
) -> None:
    answer = manager_client.post(PATH, posted(nord, **typed))

    assert answer.status_code == 422
    assert words in text_of(answer)
    nord.refresh_from_db()
    assert nord.reminders == [{"days": 7}, {"days": 21}, {"days": 35}]


def by_hour(*rows: tuple[object, object]) -> dict[str, object]:
    """Return what the table of minutes by hour posts."""
    posted_rows: dict[str, object] = {}
    for place, (hour, minutes) in enumerate(rows):
        posted_rows |= {
            f"wave_minutes_by_hour_hour_{place}": hour,
            f"wave_minutes_by_hour_minutes_{place}": minutes,
        }
    return posted_rows


def fees(*rows: tuple[object, object]) -> dict[str, object]:
    """Return what the table of cancellation fees posts."""
    posted_rows: dict[str, object] = {}
    for place, (hours, share) in enumerate(rows):
        posted_rows |= {f"cancellation_fees_hours_{place}": hours, f"cancellation_fees_percent_{place}": share}
    return posted_rows


def test_a_partner_says_what_cancelling_costs(manager_client: Client, nord: Tenant) -> None:
    """R7: clear rules, in the units in which a person thinks of them."""
    answer = manager_client.post(PATH, posted(nord, **fees(("24", "30"), ("", ""), ("4", "62.5"))))

    assert answer.status_code == 302, answer.context["form"].errors
    nord.refresh_from_db()
    assert nord.cancellation_fees == [[4, 6_250], [24, 3_000]]
    assert "under 4 h: 62.5%, under 24 h: 30%" in manager_client.get(f"{PATH}history/").content.decode()
    again = html_of(manager_client.get(PATH))
    assert 'name="cancellation_fees_percent_0" id="id_cancellation_fees_percent_0" value="62.5"' in again


def test_a_partner_says_how_customers_can_pay_in_a_country(manager_client: Client, nord: Tenant) -> None:
    page = text_of(manager_client.get(PATH))
    assert "Ways to pay (Germany)" in page
    assert "TWINT" not in page

    answer = manager_client.post(PATH, posted(nord, ways_DE=["sepa_debit", "invoice"]))

    assert answer.status_code == 302, answer.context["form"].errors
    nord.refresh_from_db()
    assert nord.ways_to_pay == {"DE": ["sepa_debit", "invoice"]}
    assert "Germany: By direct debit (SEPA), By invoice" in text_of(manager_client.get(f"{PATH}history/"))

    none = manager_client.post(PATH, posted(nord, ways_DE=[]))
    assert none.status_code == 422
    assert none.context["form"].errors.keys() == {"ways_DE"}
    online = manager_client.post(PATH, posted(nord, ways_DE=["sepa_debit"]))
    assert "online payment is not set up" in text_of(online)


def test_waves_are_set_by_hour_with_quiet_hours_and_a_last_resort(manager_client: Client, nord: Tenant) -> None:
    """R17: the rules are each partner's, in units that a person understands."""
    changes = by_hour(("18", "60"), ("", ""), ("8", "15")) | {
        "quiet_from": "22",
        "quiet_until": "7",
        "question_rest_minutes": "90",
        "last_resort": "wider",
        "newcomer_seat": "",
        "pro_surcharge_bp": "37.5",
    }

    answer = manager_client.post(PATH, posted(nord, **changes))

    assert answer.status_code == 302, answer.context["form"].errors
    nord.refresh_from_db()
    assert nord.wave_minutes_by_hour == [[8, 15], [18, 60]]
    assert (nord.quiet_from, nord.quiet_until, nord.question_rest_minutes) == (22, 7, 90)
    assert (nord.last_resort, nord.newcomer_seat, nord.pro_surcharge_bp) == ("wider", False, 3_750)
    page = manager_client.get(f"{PATH}history/").content.decode()
    for shown in (
        "from 8:00: 15 min, from 18:00: 60 min",
        "22:00",
        "One more round looks twice as far",
        "37.5%",
    ):
        assert shown in page
    again = html_of(manager_client.get(PATH))
    assert 'name="wave_minutes_by_hour_minutes_1" id="id_wave_minutes_by_hour_minutes_1" value="60"' in again
    assert manager_client.post(PATH, posted(nord) | by_hour((8, 15), (18, 60))).status_code == 302
    assert history(nord).count() == 7


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"quiet_from": "7", "quiet_until": "7"}, "quiet_until", "never end"),
        ({"quiet_from": "22"}, "quiet_until", "both hours"),
        ({"quiet_from": "8", "quiet_until": "1"}, "quiet_until", "at least 8 hours"),
        (by_hour(("8", "")), "wave_minutes_by_hour", "every row"),
        (by_hour(("8", "soon")), "wave_minutes_by_hour", "every row"),
        (by_hour(("8", "10"), ("8", "20")), "wave_minutes_by_hour", "only once"),
        (by_hour(("24", "10")), "wave_minutes_by_hour", "0 to 23"),
        (by_hour(("8", "0")), "wave_minutes_by_hour", "1 to 1440"),
        (by_hour(("8", "1441")), "wave_minutes_by_hour", "1 to 1440"),
        (fees(("24", "")), "cancellation_fees", "every row"),
        (fees(("24", "101")), "cancellation_fees", "up to 100 percent"),
        (fees(("337", "30")), "cancellation_fees", "0 to 336"),
        (fees(("24", "0")), "cancellation_fees", "above 0"),
        (fees(("24", "30"), ("24", "40")), "cancellation_fees", "only once"),
        (fees(("24", "30"), ("4", "20")), "cancellation_fees", "must not cost less"),
        ({"question_rest_minutes": "1441"}, "question_rest_minutes", "0 to 1440"),
        ({"last_resort": "shrug"}, "last_resort", "valid choice"),
        ({"pro_surcharge_bp": "501"}, "pro_surcharge_bp", "0 to 500 percent"),
        ({"own_waves": "8", "wave_minutes": "1440"}, "wave_minutes", "10 days and 10 hours"),
        (
            {"own_waves": "4", "wave_minutes": "600", "quiet_from": "20", "quiet_until": "12"},
            "wave_minutes",
            "8 days and 18 hours",
        ),
    ],
)
def test_waves_that_can_never_end_are_refused_beside_the_field(
    manager_client: Client, nord: Tenant, wrong: dict[str, object], field: str, words: str
) -> None:
    """Clear messages, typed values stay, nothing is saved."""
    answer = manager_client.post(PATH, posted(nord, tagline_de="", **wrong))

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {field}
    assert words in errors[field][0]
    page = answer.content.decode()
    assert all(
        f'value="{value}"' in page for value in wrong.values() if value and not str(value).isalpha() and value != "24"
    )
    assert not history(nord).exists()


def test_a_manager_sees_what_would_happen_before_it_is_saved(
    manager_client: Client, nord: Tenant, clock: time_machine.Coordinates
) -> None:
    before = manager_client.get(PATH).content.decode()
    assert "<h3>An order placed at 22:00</h3>" in before
    assert "up to 100 km away" not in before

    changes = {"last_resort": "wider", "quiet_from": "21", "quiet_until": "7", "own_waves": "1", "preview": "plan"}
    answer = manager_client.post(PATH, posted(nord, **changes))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Nothing has been saved yet" in page
    assert "up to 100 km away are asked" in page
    evening = answer.context["plans"][2]
    assert [(step.clock, step.until) for step in evening.steps[:2]] == [
        ("22:00", ""),
        ("Wed, 25 November, 07:00", "until 07:30"),
    ]
    nord.refresh_from_db()
    assert nord.quiet_from is None
