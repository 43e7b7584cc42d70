"""The form of a partner's settings, in groups.

What is right is said by tenants.settings.rules; the form only asks it.
"""

from collections.abc import Collection, Mapping
from copy import copy, deepcopy
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.web.answers import as_fields
from places.countries import COUNTRIES
from staffroom.settings.fields import CancellationFeesField, HourField, MinutesByHourField, PercentField, trimmed
from staffroom.settings.groups import CODES, GROUPS, SPREAD, Group, ShownGroup
from staffroom.settings.readers import CardReaders, CardReadersField
from staffroom.settings.reminders import RemindersField
from staffroom.settings.sellers import initial_sellers, seller_fields, sellers_faults, typed_sellers
from staffroom.settings.themes import ThemeField
from staffroom.settings.ways import initial_ways, typed_ways, ways_faults, ways_fields
from staffroom.settings.words import (
    LABELS,
    METRES_A_KM,
    contact_label,
    tagline_label,
    write_value,
)
from tenants.models import Feature, LastResort, OnSite, Tenant
from tenants.settings.contacts import PARTS
from tenants.settings.reminders import currencies_of
from tenants.settings.rules import CURRENCIES, LIMITS, REACH_M, SETTINGS, SHARES, setting_faults


def number(name: str, hint: Any = "") -> forms.IntegerField:
    """Return a field for a limit."""
    low, high = LIMITS[name]
    return forms.IntegerField(
        label=LABELS[name], help_text=hint, widget=forms.NumberInput({"min": low, "max": high, "step": 1})
    )


def share(name: str, hint: Any) -> PercentField:
    """Return a field for a share."""
    low, high = SHARES[name]
    return PercentField(label=LABELS[name], low_bp=low, high_bp=high, help_text=hint)


class ColourField(forms.CharField):
    """A colour, typed as #rrggbb."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"spellcheck": "false", "autocomplete": "off", "class": "colour"}
        super().__init__(max_length=7, widget=forms.TextInput(attributes), **kwargs)


class SettingsForm(forms.Form):
    """The settings ``names`` of a partner; what is posted beyond them is not even read."""

    name = forms.CharField(
        label=LABELS["name"],
        max_length=80,
        error_messages={"required": _("Please enter the name of the brand.")},
    )
    legal_name = forms.CharField(
        label=LABELS["legal_name"],
        max_length=120,
        required=False,
        help_text=_("The company named in the imprint and at the foot of emails."),
    )
    email = forms.EmailField(label=LABELS["email"], required=False)
    phone = forms.CharField(label=LABELS["phone"], max_length=40, required=False)
    address = forms.CharField(
        label=LABELS["address"], max_length=200, required=False, help_text=_("On one line: street, postal code, town.")
    )
    theme = ThemeField(
        label=LABELS["theme"],
        help_text=_("Layout, fonts and shapes of your pages. Texts and colours stay yours."),
    )
    brand_colour = ColourField(
        label=LABELS["brand_colour"],
        help_text=_("For example #0a5c5c. Texts on it and links in it are made readable for everybody."),
        error_messages={"required": _("Please enter a colour like #0a5c5c.")},
    )
    accent_colour = ColourField(
        label=LABELS["accent_colour"], required=False, help_text=_("If empty, the brand colour is used.")
    )
    logo = forms.CharField(
        label=LABELS["logo"],
        max_length=120,
        required=False,
        help_text=_("Path of a file among the static files of the platform."),
    )
    languages = forms.MultipleChoiceField(
        label=LABELS["languages"],
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one language.")},
    )
    default_language = forms.ChoiceField(label=LABELS["default_language"], choices=settings.LANGUAGES)
    countries = forms.MultipleChoiceField(
        label=LABELS["countries"],
        choices=[(code, country.name) for code, country in COUNTRIES.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Orders in a country that is removed continue to their end."),
        error_messages={"required": _("Please choose at least one country.")},
    )
    wave_size = number(
        "wave_size", _("How many friends are asked at the same time. The first to accept gets the order.")
    )
    newcomer_seat = forms.BooleanField(
        label=LABELS["newcomer_seat"],
        required=False,
        help_text=_(
            "It goes to the nearby friend who has waited longest. Without it, friends in well-covered areas can wait "
            "very long for their first job. A round of one friend has no such seat."
        ),
    )
    own_waves = number("own_waves")
    overflows = forms.BooleanField(
        label=LABELS["overflows"], required=False, help_text=_("When nobody in your own community is free.")
    )
    crowd_waves = number("crowd_waves")
    last_resort = forms.ChoiceField(
        label=LABELS["last_resort"],
        choices=LastResort.choices,
        widget=forms.RadioSelect,
        help_text=_("Whatever you choose, the customer is notified at once."),
    )
    wave_minutes = number("wave_minutes")
    wave_minutes_by_hour = MinutesByHourField(
        label=LABELS["wave_minutes_by_hour"],
        required=False,
        help_text=_(
            "Each row applies from its hour until the next row or midnight, to rounds that begin then. Otherwise the "
            "minutes above apply. To remove a row, empty it; save to get more empty rows."
        ),
    )
    quiet_from = HourField(
        label=LABELS["quiet_from"],
        help_text=_("During quiet hours nobody is asked and rounds are paused. Leave both empty for no quiet hours."),
    )
    quiet_until = HourField(
        label=LABELS["quiet_until"], help_text=_("Orders placed during quiet hours are offered once they end.")
    )
    question_rest_minutes = number(
        "question_rest_minutes",
        _("While a friend's question waits for the customer, the round is paused, up to this long in total."),
    )
    contact_hours = number("contact_hours")
    visits_from = number(
        "visits_from", _("An hour of the day. At other hours customers and friends are asked once more.")
    )
    visits_until = number("visits_until")
    booking_days = number("booking_days", _("So far ahead customers can choose their preferred times."))
    reach_m = forms.DecimalField(
        label=LABELS["reach_m"],
        max_digits=6,
        decimal_places=3,
        widget=forms.NumberInput({"min": REACH_M[0] // METRES_A_KM, "max": REACH_M[1] // METRES_A_KM, "step": "any"}),
    )
    currency = forms.ChoiceField(label=LABELS["currency"], choices=[(code, code) for code in CURRENCIES])
    commission_bp = PercentField(
        label=LABELS["commission_bp"],
        help_text=_("Share of the gross price, for all packages without a row of their own in the table."),
    )
    pro_surcharge_bp = share(
        "pro_surcharge_bp",
        _("On the price of the package, when a friend hands over to a pro. The customer agrees first."),
    )
    diagnosis_bp = share("diagnosis_bp", _("Share of their earnings that a friend keeps when handing over."))
    no_show_bp = share(
        "no_show_bp", _("Share of their earnings that a friend gets when the customer was absent or cannot be reached.")
    )
    reminders = RemindersField(
        label=LABELS["reminders"],
        required=False,
        help_text=_(
            "Customers who have not paid an invoice get each of these emails once, with the invoice. A fee is added to "
            "what they owe. After the last one, the operators of the platform decide. To remove a row, empty it; "
            "without any row nobody is reminded."
        ),
    )
    cancellation_fees = CancellationFeesField(
        label=LABELS["cancellation_fees"],
        required=False,
        help_text=_(
            "What a customer pays who cancels less than so many hours before the appointment, as a share of the price. "
            "The friend gets it, less the commission. Leave it empty and cancelling is free. It is always free without "
            "an appointment, if the friend or you cancel, and in Germany, Austria and Poland within the 14 days in "
            "which the law lets customers withdraw. A row with 0 hours says what a customer pays who is not there."
        ),
    )
    on_site_provider = forms.ChoiceField(
        label=LABELS["on_site_provider"],
        choices=[("", _("As the platform has it for the country")), *OnSite.choices],
        required=False,
        help_text=_("Who takes the card of a customer who pays when the work is done."),
    )
    card_readers = CardReadersField(
        label=LABELS["card_readers"],
        required=False,
        widget=CardReaders({"rows": 3}),
        help_text=_(
            "SumUp Solo readers of the partner's friends, one on a line: its id and what friends call it, for example "
            "“rdr_3MSAFM23CK Solo Zürich”."
        ),
    )
    sender_name = forms.CharField(
        label=LABELS["sender_name"], max_length=80, required=False, help_text=_("If empty, the brand name is used.")
    )
    reply_to = forms.EmailField(
        label=LABELS["reply_to"],
        required=False,
        help_text=_("Where replies to emails go. If empty, the contact email."),
    )
    is_open = forms.BooleanField(
        label=LABELS["is_open"],
        required=False,
        help_text=_("When switched off, the site says that bookings are closed. Open orders continue."),
    )
    features = forms.MultipleChoiceField(
        label=LABELS["features"], choices=Feature.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    requires_second_factor = forms.BooleanField(
        label=LABELS["requires_second_factor"],
        required=False,
        help_text=_("Staff without one are asked to set it up at the next sign-in."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, tenant: Tenant, names: Collection[str], **kwargs: Any
    ) -> None:
        super().__init__(data, initial=_initial(tenant), label_suffix="", **kwargs)
        self.tenant, self.names = tenant, names
        self.fields["reminders"].widget.currencies = currencies_of(tenant)  # type: ignore[attr-defined]  # its own
        for code in CODES:
            self.fields[f"tagline_{code}"] = forms.CharField(label=tagline_label(code), max_length=120, required=False)
        for code in _contact_countries(tenant):
            for part in PARTS:
                own = deepcopy(self.fields[part])
                own.label, own.help_text = contact_label(code, part), ""
                self.fields[f"contact_{code}_{part}"] = own
        self.fields |= seller_fields(tenant) | ways_fields(tenant)
        for field in [field for field in self.fields if _setting_of(field) not in names]:
            del self.fields[field]

    def clean_reach_m(self) -> int:
        """Return the reach in metres."""
        return round(self.cleaned_data["reach_m"] * METRES_A_KM)

    def clean_brand_colour(self) -> str:
        """Return the colour in small letters."""
        return str(self.cleaned_data["brand_colour"]).lower()

    def clean_accent_colour(self) -> str:
        """Return the colour in small letters."""
        return str(self.cleaned_data["accent_colour"]).lower()

    def clean_languages(self) -> list[str]:
        """Return the languages, those that stay in their order."""
        return _in_order(self.tenant.languages, self.cleaned_data["languages"])

    def clean_countries(self) -> list[str]:
        """Return the countries, those that stay in their order: the first one's clock is the partner's."""
        return _in_order(self.tenant.countries, self.cleaned_data["countries"])

    def clean_features(self) -> list[str]:
        """Return the features, those that stay in their order."""
        return _in_order(self.tenant.features, self.cleaned_data["features"])

    def clean(self) -> dict[str, Any]:
        """Ask the rules about what could be read, so that everything wrong is said at once."""
        wanted = copy(self.tenant)
        for name, value in self.values().items():
            setattr(wanted, name, value)
        changed = [name for name in self.values() if getattr(wanted, name) != getattr(self.tenant, name)]
        self.show_faults(setting_faults(wanted, changed))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """Return what ``change_settings`` takes."""
        values = {name: value for name, value in self.cleaned_data.items() if _setting_of(name) == name}
        if "tagline" in self.names:
            texts = {code: self.cleaned_data.get(f"tagline_{code}", "") for code in CODES}
            values["tagline"] = {code: text for code, text in texts.items() if text}
        if "country_contacts" in self.names:
            values["country_contacts"] = self._country_contacts()
        if "ways_to_pay" in self.names:
            values["ways_to_pay"] = typed_ways(self.tenant, self.cleaned_data)
        if "sellers" in self.names:
            values["sellers"] = typed_sellers(self.tenant, self.cleaned_data)
        return values

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Put a rule's messages beside the fields; a missing tagline's beside the first that is empty."""
        placed = dict(faults)
        if "tagline" in placed:
            wanted = self.cleaned_data.get("languages", self.tenant.languages)
            empty = [code for code in wanted if not self.cleaned_data.get(f"tagline_{code}")]
            placed[f"tagline_{(empty or [*wanted])[0]}"] = placed.pop("tagline")
        if "country_contacts" in placed:
            shown = [field for field in _fields_of("country_contacts") if field in self.fields]
            placed[shown[0] if shown else "__all__"] = placed.pop("country_contacts")
        if "ways_to_pay" in placed:
            faults_of_ways = ways_faults(typed_ways(self.tenant, self.cleaned_data))
            placed |= faults_of_ways or {"__all__": placed["ways_to_pay"]}
            del placed["ways_to_pay"]
        if "sellers" in placed:
            faults_of_sellers = sellers_faults(typed_sellers(self.tenant, self.cleaned_data))
            placed |= faults_of_sellers or {"__all__": placed["sellers"]}
            del placed["sellers"]
        as_fields(self, {name if name in self.fields else "__all__": words for name, words in placed.items()})

    def groups(self) -> list[ShownGroup]:
        """Return all groups: fields to change, and the values that only others may change."""
        return [self._shown(group) for group in GROUPS]

    def colours(self) -> tuple[str, str]:
        """Return brand and accent colour as typed where they can be read, else as saved."""
        typed = getattr(self, "cleaned_data", {})
        brand = typed.get("brand_colour") or self.tenant.brand_colour
        return brand, typed.get("accent_colour", self.tenant.accent_colour)

    def chosen_theme(self) -> str:
        """Return the theme as chosen, else as saved."""
        return str(getattr(self, "cleaned_data", {}).get("theme") or self.tenant.theme)

    def with_values(self) -> Tenant:
        """Return the partner as it would be with what was typed, or as it is where that cannot be read."""
        wanted = copy(self.tenant)
        if self.is_bound and self.is_valid():
            for name, value in self.values().items():
                setattr(wanted, name, value)
        return wanted

    def _country_contacts(self) -> dict[str, dict[str, str]]:
        """Return the contacts on the form as typed, and those of countries that are not on it as they are."""
        contacts = dict(self.tenant.country_contacts)
        for code in _contact_countries(self.tenant):
            typed = {part: self.cleaned_data.get(f"contact_{code}_{part}", "") for part in PARTS}
            contacts[code] = {part: text for part, text in typed.items() if text}
        return {code: contact for code, contact in contacts.items() if contact}

    def _shown(self, group: Group) -> ShownGroup:
        fields = [self[field] for name in group.settings for field in _fields_of(name) if field in self.fields]
        facts: list[tuple[str | Promise, str]] = [
            (LABELS[name], write_value(name, getattr(self.tenant, name)))
            for name in group.settings
            if name not in self.names
        ]
        return ShownGroup(group.slug, group.title, group.hint, fields, facts)


def read_version(data: Mapping[str, Any]) -> int:
    """Return the version of the settings that a form was opened with; nonsense is older than anything."""
    try:
        return int(data.get("version", ""))
    except ValueError:
        return -1


def _initial(tenant: Tenant) -> dict[str, Any]:
    values = {name: getattr(tenant, name) for name in SETTINGS}
    values["reach_m"] = trimmed(Decimal(tenant.reach_m) / METRES_A_KM)
    for code, contact in tenant.country_contacts.items():
        values |= {f"contact_{code}_{part}": text for part, text in contact.items()}
    values |= initial_sellers(tenant) | initial_ways(tenant)
    return values | {f"tagline_{code}": tenant.tagline.get(code, "") for code in CODES}


def _in_order(before: list[str], chosen: list[str]) -> list[str]:
    return [*(one for one in before if one in chosen), *(one for one in chosen if one not in before)]


def _contact_countries(tenant: Tenant) -> list[str]:
    """Return the countries that can have a contact of their own; a single one has the general contact."""
    return tenant.countries if len(tenant.countries) > 1 else []


def _setting_of(field: str) -> str:
    return next((setting for setting, fields in SPREAD.items() if field in fields), field)


def _fields_of(setting: str) -> list[str]:
    return SPREAD.get(setting, [setting])
