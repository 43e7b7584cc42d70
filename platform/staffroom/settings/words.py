"""Settings and their values in the words of people: for labels, and for the history of who changed what."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from billing.methods import METHODS
from journeys.reads.rates import write_about
from kernel.money import format_money
from kernel.templatetags.quartett import percent
from kernel.web.themes import themes
from kernel.wording.texts import labelled
from places.countries import COUNTRIES
from staffroom.settings.fields import write_hour
from tenants.models import Feature, LastResort, OnSite, SettingsChange, TenantState
from tenants.settings.commissions import COMMISSIONS, About, write_days
from tenants.settings.sellers import SellerKind

LANGUAGES = dict(settings.LANGUAGES)
METRES_A_KM = 1000
NOTHING = "–"

LABELS = {
    "slug": gettext_lazy("Short name"),
    "state": gettext_lazy("State"),
    "suspended_because": gettext_lazy("Reason for suspending"),
    "name": gettext_lazy("Name of the brand"),
    "legal_name": gettext_lazy("Legal name"),
    "tagline": gettext_lazy("Tagline"),
    "email": gettext_lazy("Contact email"),
    "phone": gettext_lazy("Contact phone"),
    "address": gettext_lazy("Postal address"),
    "country_contacts": gettext_lazy("Contacts by country"),
    "sellers": gettext_lazy("Sellers by country"),
    "reminders": gettext_lazy("Reminders of open invoices"),
    "theme": gettext_lazy("Theme"),
    "brand_colour": gettext_lazy("Brand colour"),
    "accent_colour": gettext_lazy("Accent colour"),
    "logo": gettext_lazy("Logo file"),
    "languages": gettext_lazy("Languages"),
    "default_language": gettext_lazy("Default language"),
    "countries": gettext_lazy("Countries"),
    "currency": gettext_lazy("Currency of reports"),
    "is_open": gettext_lazy("Takes orders"),
    "features": gettext_lazy("Features"),
    "wave_size": gettext_lazy("Friends in a round"),
    "own_waves": gettext_lazy("Rounds in your own community"),
    "overflows": gettext_lazy("Orders continue to the shared crowd"),
    "crowd_waves": gettext_lazy("Rounds in the shared crowd"),
    "wave_minutes": gettext_lazy("Minutes to answer an offer"),
    "newcomer_seat": gettext_lazy("One seat of each round for a friend without a first job"),
    "wave_minutes_by_hour": gettext_lazy("Other minutes by hour of the day"),
    "quiet_from": gettext_lazy("Quiet hours from"),
    "quiet_until": gettext_lazy("Quiet hours until"),
    "question_rest_minutes": gettext_lazy("Minutes for the customer to answer questions"),
    "last_resort": gettext_lazy("When all rounds have found nobody"),
    "contact_hours": gettext_lazy("Hours to contact the customer"),
    "visits_from": gettext_lazy("Visiting hours from"),
    "visits_until": gettext_lazy("Visiting hours until"),
    "booking_days": gettext_lazy("Days ahead that can be booked"),
    "reach_m": gettext_lazy("Maximum distance in km"),
    "commission_bp": gettext_lazy("Commission in percent"),
    "pro_surcharge_bp": gettext_lazy("Surcharge for a pro in percent"),
    "diagnosis_bp": gettext_lazy("Pay for a diagnosis in percent"),
    "no_show_bp": gettext_lazy("Pay when the customer was not there in percent"),
    "cancellation_fees": gettext_lazy("Cancellation fees"),
    "ways_to_pay": gettext_lazy("Ways to pay"),
    "on_site_provider": gettext_lazy("Card payments on site"),
    "card_readers": gettext_lazy("Card readers"),
    "sender_name": gettext_lazy("Sender of emails"),
    "reply_to": gettext_lazy("Reply address"),
    "requires_second_factor": gettext_lazy("Staff must sign in with a second factor"),
    "hosts": gettext_lazy("Hosts"),
    COMMISSIONS: gettext_lazy("Table of commissions"),
}
SELLER_LABELS = {
    "kind": gettext_lazy("Seller"),
    "name": gettext_lazy("Company on invoices"),
    "street": gettext_lazy("Street and number"),
    "postal_code": gettext_lazy("Postal code"),
    "town": gettext_lazy("Town"),
    "country": gettext_lazy("Country of the company"),
    "vat_id": gettext_lazy("VAT number on invoices"),
    "is_small_business": gettext_lazy("Small business without VAT"),
    "iban": gettext_lazy("IBAN"),
    "days": gettext_lazy("Days to pay an invoice"),
}


@dataclass(frozen=True)
class Line:
    """One change, as a person reads it."""

    at: datetime
    who: str
    label: str
    before: str
    after: str


def lines_of(changes: Iterable[SettingsChange]) -> list[Line]:
    """Return changes of settings in words."""
    return [
        Line(
            at=change.at,
            who=change.who,
            label=str(LABELS.get(change.field, change.field)),
            before=write_value(change.field, change.before),
            after=write_value(change.field, change.after),
        )
        for change in changes
    ]


def write_value(field: str, value: Any) -> str:
    """Write a setting's value as a person says it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value in (None, "", [], {}):
        return NOTHING
    writer = _WRITERS.get(field, str)
    return str(writer(value))


def _write_languages(codes: list[str]) -> str:
    return ", ".join(_language(code) for code in codes)


def _language(code: str) -> str:
    return str(LANGUAGES.get(code, code))


def _write_countries(codes: list[str]) -> str:
    return ", ".join(str(COUNTRIES[code].name) if code in COUNTRIES else code for code in codes)


def _write_features(codes: list[str]) -> str:
    return ", ".join(str(Feature(code).label) if code in Feature.values else code for code in codes)


def _write_tagline(texts: dict[str, str]) -> str:
    return " · ".join(labelled(_language(code), text) for code, text in sorted(texts.items()) if text) or NOTHING


def _write_country_contacts(contacts: dict[str, dict[str, str]]) -> str:
    written = (f"{_write_countries([code])}: {', '.join(contact.values())}" for code, contact in contacts.items())
    return " · ".join(written)


def _write_sellers(sellers: dict[str, dict[str, Any]]) -> str:
    return " · ".join(f"{_write_countries([code])}: {_write_seller(parts)}" for code, parts in sellers.items())


def _write_seller(parts: dict[str, Any]) -> str:
    return ", ".join(_write_part(part, parts[part]) for part in SELLER_LABELS if parts.get(part))


def _write_part(part: str, value: Any) -> str:
    match part:
        case "kind":
            return str(SellerKind(value).label) if value in SellerKind.values else str(value)
        case "country":
            return _write_countries([value])
        case "is_small_business":
            return str(SELLER_LABELS[part])
        case "days":
            return ngettext("%(count)d day", "%(count)d days", value) % {"count": value}
    return str(value)


def _write_reminders(rows: list[dict[str, Any]]) -> str:
    return " · ".join(_write_reminder(row["days"], row.get("fees", {})) for row in rows)


def _write_reminder(days: int, fees: dict[str, int]) -> str:
    after = ngettext("%(count)d day after it was due", "%(count)d days after it was due", days) % {"count": days}
    costs = [format_money(fee, currency, language=get_language() or "en") for currency, fee in fees.items() if fee]
    return labelled(after, ", ".join(costs)) if costs else after


def _write_reach(metres: int) -> str:
    kilometres = metres / METRES_A_KM
    return number_format(kilometres, 0 if kilometres == int(kilometres) else 1)


def _write_minutes_by_hour(rows: list[list[int]]) -> str:
    written = (_("from %(hour)s: %(minutes)d min") % {"hour": write_hour(hour), "minutes": one} for hour, one in rows)
    return ", ".join(written)


def _write_cancellation_fees(rows: list[list[int]]) -> str:
    return ", ".join(
        (_("under %(hours)d h: %(share)s") if hours else _("not there: %(share)s"))
        % {"hours": hours, "share": percent(one)}
        for hours, one in rows
    )


def _write_ways(ways: dict[str, list[str]]) -> str:
    return " · ".join(
        f"{_write_countries([code])}: {', '.join(map(_write_way, chosen))}" for code, chosen in ways.items()
    )


def _write_way(code: str) -> str:
    return str(METHODS[code].label) if code in METHODS else code


def _write_theme(slug: str) -> str:
    return themes()[slug].name if slug in themes() else slug


def _write_last_resort(choice: str) -> str:
    return str(LastResort(choice).label) if choice in LastResort.values else choice


def _write_state(state: str) -> str:
    return str(TenantState(state).label) if state in TenantState.values else state


def _write_commissions(rows: list[dict[str, Any]]) -> str:
    return " · ".join(map(_write_commission, rows))


def _write_on_site_provider(value: str) -> str:
    return str(OnSite(value).label) if value else str(_("As the platform has it for the country"))


def _write_card_readers(rows: list[list[str]]) -> str:
    return ", ".join(name for _reader, name in rows) or NOTHING


def _write_commission(row: dict[str, Any]) -> str:
    """Write a row of the table; those of old changes name neither country nor days."""
    about = About(**{name: row.get(name, "") for name in ("package_slug", "category", "level", "country", "route")})
    days = [date.fromisoformat(row[name]) if row.get(name) else None for name in ("valid_from", "valid_until")]
    written = f"{percent(row['basis_points'])} ({write_days(*days)})" if any(days) else percent(row["basis_points"])
    return labelled(write_about(about), written)


_WRITERS: dict[str, Callable[[Any], object]] = {
    "theme": _write_theme,
    "languages": _write_languages,
    "default_language": _language,
    "countries": _write_countries,
    "features": _write_features,
    "tagline": _write_tagline,
    "country_contacts": _write_country_contacts,
    "sellers": _write_sellers,
    "reminders": _write_reminders,
    "reach_m": _write_reach,
    "commission_bp": percent,
    "pro_surcharge_bp": percent,
    "diagnosis_bp": percent,
    "no_show_bp": percent,
    "wave_minutes_by_hour": _write_minutes_by_hour,
    "cancellation_fees": _write_cancellation_fees,
    "ways_to_pay": _write_ways,
    "on_site_provider": _write_on_site_provider,
    "card_readers": _write_card_readers,
    "quiet_from": write_hour,
    "quiet_until": write_hour,
    "last_resort": _write_last_resort,
    "state": _write_state,
    "hosts": ", ".join,
    COMMISSIONS: _write_commissions,
}


def tagline_label(code: str) -> str:
    """Return the label of the tagline in a language."""
    return f"{LABELS['tagline']} ({LANGUAGES[code]})"


def contact_label(code: str, part: str) -> str:
    """Return the label of a part of a country's contact."""
    return f"{LABELS[part]} ({COUNTRIES[code].name})"


def ways_label(code: str) -> str:
    """Return the label of the ways to pay in a country."""
    return f"{LABELS['ways_to_pay']} ({COUNTRIES[code].name})"


def seller_label(code: str, part: str) -> str:
    """Return the label of a part of a country's seller."""
    return f"{SELLER_LABELS[part]} ({COUNTRIES[code].name})"
