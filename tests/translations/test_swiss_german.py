"""German as each country writes it: ß and „…“, or ss and «…» for Switzerland; what people type stays as it is."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext, ngettext

from catalog.models import Package
from kernel.wording.german import swiss_german
from kernel.wording.texts import pick
from notices.brands import speaking
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA, book, complete_draft, deliver, register_friend


@pytest.mark.parametrize(
    ("german", "swiss"),
    [
        ("Straße und Hausnummer", "Strasse und Hausnummer"),
        ("Die Website schließt; das muss so sein.", "Die Website schliesst; das muss so sein."),
        ("Mit „%(name)s“ und „dem ‚anderen‘ Code“", "Mit «%(name)s» und «dem ‹anderen› Code»"),
        ("gibt es einen Aufzug?", "gibt es einen Lift?"),
        ("Urlaubstage", "Urlaubstage"),
        ("Nothing “German” here", "Nothing “German” here"),
    ],
)
def test_switzerland_writes_ss_angle_quotes_and_its_own_words(german: str, swiss: str) -> None:
    assert swiss_german(german) == swiss


def test_our_texts_follow_the_brands_first_country(nord: Tenant, sued: Tenant) -> None:
    written = {}
    for tenant in (nord, sued):
        with tenant_context(tenant), translation.override("de"):
            written[tenant.slug] = gettext("street and number"), pick({"de": "Außenkamera"}, "de")
    assert written == {
        "nord": ("Straße und Hausnummer", "Außenkamera"),
        "sued": ("Strasse und Hausnummer", "Aussenkamera"),
    }


def test_a_message_with_a_number_follows_too(sued: Tenant) -> None:
    one = "%(count)d job of this partner is still open. Finish or cancel it first, or delete anyway."
    with tenant_context(sued), translation.override("de"):
        assert "ß" not in ngettext(one, one, 2)


def test_other_languages_stay(sued: Tenant) -> None:
    with tenant_context(sued), translation.override("en"):
        assert gettext("Friends read “a partner of Quartett”") == "Friends read “a partner of Quartett”"
        assert pick({"en": "The word Straße"}, "en") == "The word Straße"


@pytest.mark.parametrize(("slug", "label"), [("nord", "Straße und Hausnummer"), ("sued", "Strasse und Hausnummer")])
def test_a_page_is_written_as_the_country_writes_and_what_was_typed_stays(
    slug: str, label: str, nord: Tenant, sued: Tenant
) -> None:
    typed = "Weiße Gasse „3“"
    with tenant_context({"nord": nord, "sued": sued}[slug]):
        draft = complete_draft(contact=ADA | {"street": typed})

    path = f"/de/bookings/{draft.pk}/contact/"
    page = Client(headers={"host": f"{slug}.localhost"}).get(path).content.decode()

    assert label in page
    assert f'value="{typed}"' in page


def test_the_first_pages_are_written_as_the_country_writes(nord: Tenant, sued: Tenant) -> None:
    pages = {
        tenant.slug: Client(headers={"host": f"{tenant.slug}.localhost"}).get("/de/privacy/").content.decode()
        for tenant in (nord, sued)
    }
    assert "Name, Straße, Telefon" in pages["nord"]
    assert "Name, Strasse, Telefon" in pages["sued"]
    assert "ß" not in pages["sued"]


def test_a_friend_reads_it_as_at_home(nord: Tenant, clock: Any) -> None:
    for name, country in (("Ben", "DE"), ("Urs", "CH")):
        register_friend(name, km=1, communities=[nord.pk], language="de", country=country)
    with tenant_context(nord):
        Package.objects.update(name_de="Außenkamera")
    book(nord)

    offers = {one.to[0].split("@")[0]: one.subject for one in deliver() if "friends.example" in one.to[0]}

    assert "Außenkamera" in offers["ben"]
    assert "Aussenkamera" in offers["urs"]


def test_words_in_a_message_follow_the_reader_whom_it_names(nord: Tenant) -> None:
    with tenant_context(nord):
        with speaking("de", "CH"):
            assert gettext("street and number") == "Strasse und Hausnummer"
        with speaking("de"):
            assert gettext("street and number") == "Straße und Hausnummer"
