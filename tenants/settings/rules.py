"""What is right for a partner's settings, name and host. Services and forms ask here, so all say the same."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.web.themes import themes
from places.countries import COUNTRIES
from tenants.models import Feature, LastResort, Tenant
from tenants.settings.contacts import PARTS
from tenants.settings.reminders import reminders_fault
from tenants.settings.sellers import seller_faults
from tenants.settings.ways import ways_fault

# What a partner's own managers change; the rest is agreed with the platform and changed by its operators.
MANAGERS_SETTINGS = (
    "name",
    "legal_name",
    "tagline",
    "email",
    "phone",
    "address",
    "country_contacts",
    "theme",
    "brand_colour",
    "accent_colour",
    "languages",
    "default_language",
    "is_open",
    "features",
    "wave_size",
    "own_waves",
    "crowd_waves",
    "wave_minutes",
    "wave_minutes_by_hour",
    "newcomer_seat",
    "quiet_from",
    "quiet_until",
    "question_rest_minutes",
    "last_resort",
    "contact_hours",
    "booking_days",
    "visits_from",
    "visits_until",
    "reach_m",
    "pro_surcharge_bp",
    "reminders",
    "cancellation_fees",
    "ways_to_pay",
    "sender_name",
    "reply_to",
    "requires_second_factor",
)
OPERATORS_SETTINGS = (
    *("logo", "countries", "currency", "sellers", "overflows", "commission_bp", "diagnosis_bp", "no_show_bp"),
    *("on_site_provider", "card_readers"),
)
SETTINGS = (*MANAGERS_SETTINGS, *OPERATORS_SETTINGS)

LIMITS = {
    "wave_size": (1, 20),
    "own_waves": (0, 10),
    "crowd_waves": (0, 10),
    "wave_minutes": (1, 24 * 60),
    "contact_hours": (1, 72),
    "booking_days": (7, 365),
    "visits_from": (0, 23),
    "visits_until": (1, 24),
    "question_rest_minutes": (0, 24 * 60),
}
# Basis points.
SHARES = {"pro_surcharge_bp": (0, 50_000), "diagnosis_bp": (0, 10_000), "no_show_bp": (0, 10_000)}
# Hours before an appointment from which on cancelling may cost something, and basis points of the price.
# Zero hours: the customer is not there.
FEE_HOURS, FEE_SHARE, MOST_FEE_STEPS = (0, 14 * 24), (1, 10_000), 6
HOURS_A_DAY = 24
MOST_QUIET_HOURS = 16
# So long can a search last at the most, with every wave at its longest, before somebody looks into it.
LONGEST_SEARCH = timedelta(days=7)
REACH_M = (1_000, 100_000)
CURRENCIES = tuple(sorted({country.currency for country in COUNTRIES.values()}))

LONGEST_SLUG = 40
# How the short names of sandboxes begin.
SANDBOXES = "sandbox-"
# Hosts that the platform itself has or may want, and names that a person would take for the platform's.
RESERVED_SLUGS = frozenset(
    {"account", "admin", "api", "app", "auth", "autodiscover", "cdn", "console", "docs", "help", "internal"}
    | {"localhost", "login", "mail", "media", "monitor", "ns", "operators", "platform", "postgres", "public", "root"}
    | {"security", "smtp", "start", "static", "status", "support", "system", "template", "test", "webmail", "www"}
)
SLUG = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
HOST = re.compile(r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$")
COLOUR = re.compile(r"^#[0-9a-f]{6}$", re.IGNORECASE)
READER, READER_NAME = re.compile(r"^[A-Za-z0-9_-]{1,60}$"), 40
LOGO = re.compile(r"^[\w-]+(/[\w-]+)*\.(svg|png|webp)$")

# What decides how long a search can last.
DURATION = frozenset(
    {"own_waves", "crowd_waves", "overflows", "wave_minutes", "wave_minutes_by_hour", "question_rest_minutes"}
    | {"quiet_from", "quiet_until", "last_resort"}
)

Fault = str | Promise | None


@dataclass(frozen=True)
class Rule:
    """A rule about some settings: the field beside which its message stands, and what it looks at."""

    field: str
    about: frozenset[str]
    judge: Callable[[Tenant], Fault]


def setting_faults(tenant: Tenant, changed: Collection[str]) -> dict[str, str]:
    """Return what is wrong with the changed settings, or between them and the others, by field."""
    faults: dict[str, str] = {}
    for rule in RULES:
        if rule.field not in faults and rule.about.intersection(changed) and (fault := rule.judge(tenant)):
            faults[rule.field] = str(fault)
    try:
        tenant.clean_fields(exclude={field.name for field in Tenant._meta.fields} - set(changed))
    except ValidationError as error:
        faults = {name: " ".join(words) for name, words in error.message_dict.items()} | faults
    return faults


def slug_fault(slug: str) -> Fault:
    """Return what is wrong with a partner's short name; whether it is taken only the database knows."""
    if len(slug) > LONGEST_SLUG:
        return _("Please choose a shorter name: at most %(count)d characters.") % {"count": LONGEST_SLUG}
    if not SLUG.fullmatch(slug):
        return _("Please use lowercase letters, digits and single hyphens, and begin with a letter.")
    if slug in RESERVED_SLUGS or slug.startswith(SANDBOXES):
        return _("This name is reserved for the platform. Please choose another one.")
    return None


def host_fault(host: str) -> Fault:
    """Return what is wrong with a partner's own host name; whether it is taken only the database knows."""
    if not HOST.fullmatch(host):
        return _("Please enter only the host name, such as help.example.com.")
    if host == settings.BASE_DOMAIN or host.endswith(f".{settings.BASE_DOMAIN}"):
        return _("Addresses below %(domain)s are given by the platform. Please leave this empty.") % {
            "domain": settings.BASE_DOMAIN
        }
    return None


def _languages(tenant: Tenant) -> Fault:
    if not tenant.languages:
        return _("Please choose at least one language.")
    if set(tenant.languages) - set(dict(settings.LANGUAGES)) or len(set(tenant.languages)) < len(tenant.languages):
        return _("Please choose from the languages of the platform.")
    return None


def _default_language(tenant: Tenant) -> Fault:
    if tenant.default_language in tenant.languages:
        return None
    return _("The default language must be one of the chosen languages.")


def _countries(tenant: Tenant) -> Fault:
    if not tenant.countries:
        return _("Please choose at least one country.")
    if set(tenant.countries) - set(COUNTRIES) or len(set(tenant.countries)) < len(tenant.countries):
        return _("Please choose from the countries of the platform.")
    return None


def _currency(tenant: Tenant) -> Fault:
    return None if tenant.currency in CURRENCIES else _("Please choose one of the currencies of the platform.")


def _tagline(tenant: Tenant) -> Fault:
    """Want a tagline in every language, or in none."""
    if not any(tenant.tagline.values()):
        return None
    names = dict(settings.LANGUAGES)
    missing = [str(names.get(code, code)) for code in tenant.languages if not tenant.tagline.get(code)]
    if not missing:
        return None
    return _("Please write the tagline in every chosen language. Missing: %(languages)s.") % {
        "languages": ", ".join(missing)
    }


def _theme(tenant: Tenant) -> Fault:
    return None if tenant.theme in themes() else _("Please choose one of the themes of the platform.")


def _colour(field: str) -> Callable[[Tenant], Fault]:
    def judge(tenant: Tenant) -> Fault:
        colour = getattr(tenant, field)
        is_optional = field == "accent_colour"
        if (is_optional and not colour) or COLOUR.match(colour):
            return None
        return _("Please enter a colour like #0a5c5c.")

    return judge


def _within(field: str) -> Callable[[Tenant], Fault]:
    low, high = LIMITS[field]

    def judge(tenant: Tenant) -> Fault:
        value = getattr(tenant, field)
        if isinstance(value, int) and low <= value <= high:
            return None
        return _("Please enter a number from %(low)d to %(high)d.") % {"low": low, "high": high}

    return judge


def _reach(tenant: Tenant) -> Fault:
    low, high = REACH_M
    if isinstance(tenant.reach_m, int) and low <= tenant.reach_m <= high:
        return None
    return _("Please enter a distance from %(low)d to %(high)d km.") % {"low": low // 1000, "high": high // 1000}


def _commission(tenant: Tenant) -> Fault:
    return commission_fault(tenant.commission_bp)


def commission_fault(basis_points: int) -> Fault:
    """Return what is wrong with a commission."""
    if isinstance(basis_points, int) and 0 <= basis_points <= 10_000:
        return None
    return _("Please enter a commission from 0 to 100 percent.")


def _somebody_is_asked(tenant: Tenant) -> Fault:
    if tenant.own_waves or (tenant.overflows and tenant.crowd_waves):
        return None
    if tenant.overflows:
        return _("Somebody must be asked: enter at least one round in your own community or in the shared crowd.")
    return _("At least one round is needed, since nothing is passed on to the shared crowd.")


def _share(field: str) -> Callable[[Tenant], Fault]:
    low, high = SHARES[field]

    def judge(tenant: Tenant) -> Fault:
        value = getattr(tenant, field)
        if isinstance(value, int) and low <= value <= high:
            return None
        return _("Please enter a share from %(low)d to %(high)d percent.") % {"low": low // 100, "high": high // 100}

    return judge


def _minutes_by_hour(tenant: Tenant) -> Fault:
    rows, (low, high) = tenant.wave_minutes_by_hour, LIMITS["wave_minutes"]
    if not isinstance(rows, list) or any(not _is_pair_of_numbers(row) for row in rows):
        return _("Please enter an hour and the minutes in every row.")
    hours = [hour for hour, _minutes in rows]
    if any(not 0 <= hour < HOURS_A_DAY for hour in hours):
        return _("Please enter hours from 0 to 23.")
    if len(set(hours)) < len(hours):
        return _("Please enter every hour only once.")
    if hours != sorted(hours):
        return _("Please enter the hours in the order of the day.")
    if any(not low <= minutes <= high for _hour, minutes in rows):
        return _("Please enter minutes from %(low)d to %(high)d.") % {"low": low, "high": high}
    return None


def _cancellation_fees(tenant: Tenant) -> Fault:
    """Want steps by hours, each once, that never cost less the later somebody cancels."""
    rows, (low, high), (least, most) = tenant.cancellation_fees, FEE_HOURS, FEE_SHARE
    if not isinstance(rows, list) or any(not _is_pair_of_numbers(row) for row in rows):
        return _("Please enter hours and a share in every row.")
    if len(rows) > MOST_FEE_STEPS:
        return _("Please enter at most %(count)d steps.") % {"count": MOST_FEE_STEPS}
    hours, shares = [row[0] for row in rows], [row[1] for row in rows]
    if any(not low <= hour <= high for hour in hours):
        return _("Please enter hours from %(low)d to %(high)d.") % {"low": low, "high": high}
    if any(not least <= share <= most for share in shares):
        return _("Please enter shares above 0 and up to 100 percent.")
    if len(set(hours)) < len(hours):
        return _("Please enter every number of hours only once.")
    if hours != sorted(hours):
        return _("Please enter the steps by their hours.")
    if shares != sorted(shares, reverse=True):
        return _("Cancelling later must not cost less: fewer hours need the same share or a higher one.")
    return None


def _is_pair_of_numbers(row: object) -> bool:
    return isinstance(row, list | tuple) and len(row) == 2 and all(type(one) is int for one in row)


def _quiet_hours(tenant: Tenant) -> Fault:
    begin, end = tenant.quiet_from, tenant.quiet_until
    if begin is None and end is None:
        return None
    if begin is None or end is None:
        return _("Please choose both hours, or neither of them.")
    if not (0 <= begin < HOURS_A_DAY and 0 <= end < HOURS_A_DAY):
        return _("Please enter hours from 0 to 23.")
    if begin == end:
        return _("Quiet hours round the clock would never end: nobody could ever be asked.")
    if quiet_hours_a_day(tenant) > MOST_QUIET_HOURS:
        return _("Please leave at least %(hours)d hours a day in which friends can be asked.") % {
            "hours": HOURS_A_DAY - MOST_QUIET_HOURS
        }
    return None


def _visiting_hours(tenant: Tenant) -> Fault:
    if tenant.visits_from < tenant.visits_until:
        return None
    return _("The visiting hours must end after they begin.")


def quiet_hours_a_day(tenant: Tenant) -> int:
    """Return for how many hours a day nobody is asked."""
    if tenant.quiet_from is None or tenant.quiet_until is None:
        return 0
    return (tenant.quiet_until - tenant.quiet_from) % HOURS_A_DAY


def longest_search(tenant: Tenant) -> timedelta:
    """Return how long a search lasts at most: all waves with their longest minutes and rests, and the quiet hours.

    The worst order is placed when the quiet hours begin. Holds for settings that have no other fault.
    """
    waves = tenant.own_waves + (tenant.crowd_waves if tenant.overflows else 0)
    waves += tenant.last_resort == LastResort.WIDER
    longest = max(tenant.wave_minutes, *(minutes for _hour, minutes in tenant.wave_minutes_by_hour), 0)
    asking = timedelta(minutes=waves * (longest + tenant.question_rest_minutes))
    quiet = timedelta(hours=quiet_hours_a_day(tenant))
    nights = -(-asking // (timedelta(hours=HOURS_A_DAY) - quiet))
    return asking + nights * quiet


def _search_ends(tenant: Tenant) -> Fault:
    """Want a search that leads to an answer for the customer within days, whoever says nothing."""
    limits = ("own_waves", "crowd_waves", "wave_minutes", "question_rest_minutes")
    if any(_within(name)(tenant) for name in limits) or _minutes_by_hour(tenant) or _quiet_hours(tenant):
        # Said beside the field that is at fault.
        return None
    longest = longest_search(tenant)
    if longest <= LONGEST_SEARCH:
        return None
    days, hours = longest.days, longest.seconds // 3600
    return _(
        "With these rules a search could last %(days)s and %(hours)s until the customer hears that nobody was found; "
        "at most %(most)s are allowed. Please choose fewer rounds, fewer minutes or shorter quiet hours."
    ) % {
        "days": ngettext("%(count)d day", "%(count)d days", days) % {"count": days},
        "hours": ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours},
        "most": ngettext("%(count)d day", "%(count)d days", LONGEST_SEARCH.days) % {"count": LONGEST_SEARCH.days},
    }


def _features(tenant: Tenant) -> Fault:
    return _("Please choose from the features of the platform.") if set(tenant.features) - set(Feature.values) else None


def _logo(tenant: Tenant) -> Fault:
    if not tenant.logo or (LOGO.match(tenant.logo) and finders.find(tenant.logo)):
        return None
    return _("There is no such file among the static files of the platform.")


def _one_line(field: str) -> Callable[[Tenant], Fault]:
    """Want no line breaks: these texts stand in the heads of mails."""

    def judge(tenant: Tenant) -> Fault:
        return None if str(getattr(tenant, field)).isprintable() else _("Please write this on one line.")

    return judge


def _country_contacts(tenant: Tenant) -> Fault:
    """Want of a country's contact what is wanted of the general one, by its own fields."""
    for country, contact in tenant.country_contacts.items():
        if country not in COUNTRIES or set(contact) - set(PARTS):
            return _("Please choose from the countries of the platform.")
        for part, value in contact.items():
            try:
                Tenant._meta.get_field(part).run_validators(value)
            except ValidationError as error:
                return f"{COUNTRIES[country].name}: {' '.join(error.messages)}"
            if not value.isprintable():
                return _("Please write this on one line.")
    return None


def _sellers(tenant: Tenant) -> Fault:
    for country, parts in tenant.sellers.items():
        if country not in COUNTRIES:
            return _("Please choose from the countries of the platform.")
        if faults := seller_faults(parts, sells_in=country):
            return f"{COUNTRIES[country].name}: {next(iter(faults.values()))}"
    return None


def _ways_to_pay(tenant: Tenant) -> Fault:
    for country, ways in tenant.ways_to_pay.items():
        if country not in COUNTRIES:
            return _("Please choose from the countries of the platform.")
        if fault := ways_fault(country, ways):
            return f"{COUNTRIES[country].name}: {fault}"
    return None


def _card_readers(tenant: Tenant) -> Fault:
    rows = tenant.card_readers
    if not isinstance(rows, list) or not all(isinstance(row, list) and len(row) == len(("id", "name")) for row in rows):
        return _("Please enter an id and a name on every line.")
    if len({reader for reader, _name in rows}) < len(rows) or len({name for _reader, name in rows}) < len(rows):
        return _("Please list every card reader once, each with a name of its own.")
    if not all(READER.fullmatch(reader) and name.isprintable() and len(name) <= READER_NAME for reader, name in rows):
        return _("Please write the id as SumUp shows it, and a name of at most %(count)d characters.") % {
            "count": READER_NAME
        }
    return None


def _reminders(tenant: Tenant) -> Fault:
    return reminders_fault(tenant.reminders)


RULES = (
    *(
        Rule(field, frozenset({field}), _one_line(field))
        for field in ("name", "legal_name", "phone", "address", "sender_name")
    ),
    Rule("country_contacts", frozenset({"country_contacts"}), _country_contacts),
    Rule("sellers", frozenset({"sellers"}), _sellers),
    Rule("card_readers", frozenset({"card_readers"}), _card_readers),
    Rule("reminders", frozenset({"reminders"}), _reminders),
    Rule("ways_to_pay", frozenset({"ways_to_pay"}), _ways_to_pay),
    Rule("theme", frozenset({"theme"}), _theme),
    *(Rule(field, frozenset({field}), _colour(field)) for field in ("brand_colour", "accent_colour")),
    *(Rule(field, frozenset({field}), _within(field)) for field in LIMITS),
    Rule("reach_m", frozenset({"reach_m"}), _reach),
    Rule("commission_bp", frozenset({"commission_bp"}), _commission),
    *(Rule(field, frozenset({field}), _share(field)) for field in SHARES),
    Rule("wave_minutes_by_hour", frozenset({"wave_minutes_by_hour"}), _minutes_by_hour),
    Rule("cancellation_fees", frozenset({"cancellation_fees"}), _cancellation_fees),
    Rule("quiet_until", frozenset({"quiet_from", "quiet_until"}), _quiet_hours),
    Rule("visits_until", frozenset({"visits_from", "visits_until"}), _visiting_hours),
    Rule("wave_minutes", DURATION, _search_ends),
    Rule("languages", frozenset({"languages"}), _languages),
    Rule("default_language", frozenset({"languages", "default_language"}), _default_language),
    Rule("tagline", frozenset({"languages", "tagline"}), _tagline),
    Rule("countries", frozenset({"countries"}), _countries),
    Rule("currency", frozenset({"currency"}), _currency),
    Rule("features", frozenset({"features"}), _features),
    Rule("logo", frozenset({"logo"}), _logo),
    Rule("own_waves", frozenset({"own_waves", "overflows", "crowd_waves"}), _somebody_is_asked),
)
