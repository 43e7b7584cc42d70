"""How the settings are grouped on the form, and which of them are asked for in several fields."""

from dataclasses import dataclass

from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from places.countries import COUNTRIES
from staffroom.settings.sellers import field_name
from staffroom.settings.ways import field_name as ways_field
from staffroom.settings.words import LANGUAGES
from tenants.settings.contacts import PARTS
from tenants.settings.sellers import PARTS as SELLER_PARTS

CODES = tuple(LANGUAGES)
# Settings that the form asks for in several fields.
SPREAD = {
    "tagline": [f"tagline_{code}" for code in CODES],
    "country_contacts": [f"contact_{code}_{part}" for code in COUNTRIES for part in PARTS],
    "ways_to_pay": [ways_field(code) for code in COUNTRIES],
    "sellers": [field_name(code, part) for code in COUNTRIES for part in SELLER_PARTS],
}


@dataclass(frozen=True)
class Group:
    """Settings that belong together, with what must be known before one changes them."""

    slug: str
    title: Promise
    settings: tuple[str, ...]
    hint: Promise | str = ""


# How friends are looked for, in the order of the form.
SEARCH = (
    "wave_size",
    "newcomer_seat",
    "own_waves",
    "overflows",
    "crowd_waves",
    "reach_m",
    "last_resort",
    "wave_minutes",
    "wave_minutes_by_hour",
    "quiet_from",
    "quiet_until",
)
GROUPS = (
    Group(
        "brand",
        _("Brand"),
        ("name", "legal_name", "tagline", "theme", "brand_colour", "accent_colour", "logo"),
    ),
    Group(
        "contact",
        _("Contact"),
        ("email", "phone", "address", "country_contacts"),
        _(
            "Customers see these details on every page and in emails. If you serve several countries, each can have "
            "its own; fields left empty there use the general ones."
        ),
    ),
    Group(
        "places",
        _("Languages and countries"),
        ("languages", "default_language", "countries"),
        _(
            "A language that you add needs pages, packages and a tagline in it: until they are written, visitors see "
            "those in the default language. A language that you remove vanishes from the site; its texts are kept, and "
            "customers with an open order are written to in it until the order ends."
        ),
    ),
    Group(
        "dispatch",
        _("Dispatch"),
        (
            *SEARCH,
            "question_rest_minutes",
            "contact_hours",
            "booking_days",
            "visits_from",
            "visits_until",
        ),
        _("These rules apply to new orders. Existing orders keep theirs."),
    ),
    Group(
        "money",
        _("Money"),
        (
            "currency",
            "commission_bp",
            "pro_surcharge_bp",
            "diagnosis_bp",
            "no_show_bp",
            "cancellation_fees",
            "ways_to_pay",
            "on_site_provider",
            "card_readers",
        ),
        _(
            "Prices are in the currency of each country. Existing orders keep their commission and their cancellation "
            "fees."
        ),
    ),
    Group(
        "bills",
        _("Invoices and receipts"),
        ("reminders", "sellers"),
        _(
            "Who sells in a country stands on every invoice and receipt there, with the account to pay to. What is "
            "issued already stays as it is."
        ),
    ),
    Group("mail", _("Email"), ("sender_name", "reply_to")),
    Group("security", _("Security and features"), ("is_open", "features", "requires_second_factor")),
)


@dataclass(frozen=True)
class ShownGroup:
    """A group with the fields that may be changed and the values that may only be read."""

    slug: str
    title: Promise
    hint: Promise | str
    fields: list[BoundField]
    facts: list[tuple[str | Promise, str]]

    @property
    def faults(self) -> int:
        """Count the fields with a message."""
        return sum(bool(field.errors) for field in self.fields)
