"""The table of commissions: which rate a job has, and how a change of it is planned (R12, R21).

A row fits a job where each thing that it names is the job's, and the job is booked on one of its days. Of the rows that
fit the most specific one counts: one that names the package before one that names the category; among those, one that
names the kind of job; then one that names the country; then one that names who does the job. Where no row fits, the
partner's base rate counts. Days are the partner's own.

A package is of each category (group of the tree of skills) of which it needs a skill; of two equally specific rows for
two of them the lower one counts.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kernel.database.written_once import written_once
from kernel.templatetags.quartett import percent
from kernel.wording.dates import Place, write_day
from skills.selectors import groups_of_skills
from tenants.context import platform_context
from tenants.errors import UnableToChangeSettings
from tenants.models import Commission, Route, SettingsChange, Tenant
from tenants.services import lock_settings
from tenants.settings.rules import commission_fault

# The name under which changes of the table stand in the history of settings.
COMMISSIONS = "commissions"
# A change is announced so long before the first job that it touches can be booked.
NOTICE = timedelta(days=15)


@dataclass(frozen=True)
class Rate:
    """A commission in basis points, and the version of the row that says so; of the base rate there is none."""

    basis_points: int
    version: UUID | None


@dataclass(frozen=True)
class Rates:
    """What counts for a job in the partner's own community, and where it overflows by a contract without a rate."""

    own: Rate
    overflow: Rate


@dataclass(frozen=True, kw_only=True)
class About:
    """What a rate is about; an empty field stands for all."""

    package_slug: str = ""
    category: str = ""
    level: str = ""
    country: str = ""
    route: str = ""

    @classmethod
    def of(cls, row: Commission) -> "About":
        """Return what a row is about."""
        return cls(
            package_slug=row.package_slug,
            category=row.category,
            level=row.level,
            country=row.country,
            route=row.route,
        )

    def holds(self, other: "About") -> bool:
        """Say whether this is about all that the other is about."""
        return all(mine in {"", theirs} for mine, theirs in zip(self.columns, other.columns, strict=True))

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields, the one that decides first coming first."""
        return self.package_slug, self.category, self.level, self.country, self.route

    @property
    def rank(self) -> tuple[bool, ...]:
        """How specific it is: of two that hold a job the greater one counts."""
        return tuple(map(bool, self.columns))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A change of the table: another rate from a day on, or without a rate the end of the present row.

    ``valid_until`` is the first day on which the rate counts no more.
    """

    about: About
    basis_points: int | None
    valid_from: date
    valid_until: date | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the new row."""
        days = {"valid_from": self.valid_from, "valid_until": self.valid_until}
        return {**asdict(self.about), "basis_points": self.basis_points, **days}


def rates_for(
    tenant: Tenant, *, package_slug: str, skill_ids: Iterable[int], level: str, country: str, at: datetime
) -> Rates:
    """Return the commissions of a package that is booked at a moment (1 query, 2 where a category has a rate)."""
    day = day_of(tenant, at)
    rows = _rows_about(tenant.pk, package_slug, level, country, day)
    categories = groups_of_skills(skill_ids) if any(row.category for row in rows) else ()
    about = About(package_slug=package_slug, level=level, country=country)
    return rates_among(rows, tenant, about, day, categories=categories)


def rates_among(
    rows: Iterable[Commission], tenant: Tenant, about: About, day: date, *, categories: Collection[str]
) -> Rates:
    """Return the commissions of a package of some categories on a day, by rows that were read before."""
    found = list(rows)
    own, overflow = (
        rate_among(found, tenant, replace(about, route=route), day, categories=categories)
        for route in (Route.OWN, Route.OVERFLOW)
    )
    return Rates(own, overflow)


def rate_among(
    rows: Iterable[Commission], tenant: Tenant, about: About, day: date, *, categories: Collection[str] = ()
) -> Rate:
    """Return what counts on a day for something, where no more specific row says otherwise."""
    held = [about, *(replace(about, category=category) for category in categories)]
    fitting = [row for row in rows if counts_on(row, day) and any(map(About.of(row).holds, held))]
    chosen = max(fitting, key=lambda row: (About.of(row).rank, -row.basis_points), default=None)
    return Rate(tenant.commission_bp, None) if chosen is None else Rate(chosen.basis_points, chosen.version)


def counts_on(row: Commission, day: date) -> bool:
    """Say whether a row counts on a day."""
    has_begun = row.valid_from is None or row.valid_from <= day
    return has_begun and (row.valid_until is None or day < row.valid_until)


def columns_of(rates: Rates) -> dict[str, Any]:
    """Return the columns by which a job keeps what was looked up."""
    return {
        "commission_version": rates.own.version,
        "overflow_commission_bp": rates.overflow.basis_points,
        "overflow_commission_version": rates.overflow.version,
    }


def day_of(tenant: Tenant, at: datetime) -> date:
    """Return the partner's day at a moment."""
    return at.astimezone(ZoneInfo(tenant.time_zone)).date()


def commissions_of(tenant: Tenant) -> list[Commission]:
    """Return all rows of the partner's table, past and planned too, by what they are about and by day (1 query)."""
    rows = Commission.objects.filter(tenant=tenant)
    # Sorted here: the order of a text column is the database's language's.
    return sorted(rows, key=lambda row: (*About.of(row).columns, row.valid_from or date.min))


def base_changes(tenant: Tenant) -> QuerySet[SettingsChange]:
    """Return the changes of the base rate, newest first."""
    return SettingsChange.objects.filter(tenant=tenant, field="commission_bp").order_by("-at", "-id")


def has_rate_of_category(categories: Collection[str], *, owner: int | None, today: date) -> bool:
    """Say whether a rate for one of the categories counts or is planned, at a partner or (None) at any."""
    left = Commission.objects.filter(Q(valid_until=None) | Q(valid_until__gt=today), category__in=categories)
    return (left if owner is None else left.filter(tenant=owner)).exists()


def earliest_day(tenant: Tenant, now: datetime) -> date:
    """Return the first day for which a change can be planned at a moment."""
    return day_of(tenant, now) + NOTICE


def as_planned(tenant: Tenant, rows: Sequence[Commission], plan: Plan) -> list[Commission]:
    """Return the table as it would be with a plan that is right; nothing is written."""
    ended = _running_at(rows, plan)
    kept = [row for row in rows if row is not ended]
    if ended:
        columns = {**asdict(About.of(ended)), "basis_points": ended.basis_points, "valid_from": ended.valid_from}
        kept.append(Commission(tenant=tenant, **columns, valid_until=plan.valid_from))
    return kept if plan.basis_points is None else [*kept, Commission(tenant=tenant, **plan.columns)]


def plan_commission(*, tenant: Tenant, plan: Plan, who: str, now: datetime, version: int | None = None) -> Commission:
    """Write a planned change, note who did it, and return the row that begins, or the one that ends.

    Raises SettingsChangedMeanwhile, or UnableToChangeSettings with the faults by field.
    """
    with platform_context(), transaction.atomic():
        locked = lock_settings(tenant, version)
        rows = commissions_of(locked)
        if faults := plan_faults(locked, rows, plan, now=now):
            raise UnableToChangeSettings(faults)
        ended = _running_at(rows, plan)
        before = [_written(ended)] if ended else []
        if ended:
            ended.valid_until = plan.valid_from
            ended.save(update_fields=["valid_until"])
        begun = None if plan.basis_points is None else Commission.objects.create(tenant=locked, **plan.columns)
        after = [_written(row) for row in (ended, begun) if row]
        SettingsChange.objects.create(tenant=locked, at=now, who=who, field=COMMISSIONS, before=before, after=after)
    row = begun or ended
    assert row is not None
    return row


def plan_faults(tenant: Tenant, rows: Sequence[Commission], plan: Plan, *, now: datetime) -> dict[str, str]:
    """Return what is wrong with a planned change, by field."""
    faults: dict[str, str] = {}
    if plan.basis_points is not None and (fault := commission_fault(plan.basis_points)):
        faults["percent"] = str(fault)
    if plan.about.country and plan.about.country not in tenant.countries:
        faults["country"] = _("The partner does not serve this country.")
    if plan.about.package_slug and plan.about.category:
        faults["category"] = _("Please choose either a package or a category.")
    earliest = earliest_day(tenant, now)
    if plan.valid_from < earliest:
        faults["valid_from"] = _("Changes are announced %(count)d days ahead. The earliest day is %(day)s.") % {
            "count": NOTICE.days,
            "day": write_day(earliest, "calendar_day"),
        }
    if plan.valid_until is not None and plan.valid_until <= plan.valid_from:
        faults["valid_until"] = _("The end has to be after the first day.")
    if not faults:
        faults = _faults_beside(rows, plan)
    return faults


def _faults_beside(rows: Sequence[Commission], plan: Plan) -> dict[str, str]:
    """Return what is wrong with a planned change beside the other rows about the same."""
    ended = _running_at(rows, plan)
    if plan.basis_points is None:
        return {} if ended else {"percent": _("There is no rate for this that could end. Please enter the new rate.")}
    if ended and ended.basis_points == plan.basis_points and plan.valid_until is None:
        return {"percent": _("This rate counts already.")}
    for row in rows:
        if row is not ended and About.of(row) == plan.about and _overlaps(row, plan):
            field = "valid_until" if row.valid_from and row.valid_from > plan.valid_from else "valid_from"
            fault = _("%(rate)s has been announced for this already, %(days)s. Please choose other days.")
            return {
                field: fault % {"rate": percent(row.basis_points), "days": write_days(row.valid_from, row.valid_until)}
            }
    return {}


def write_days(valid_from: date | None, valid_until: date | None) -> str:
    """Say on which days a rate counts, as it stands in a sentence; on ``valid_until`` it does no more."""
    last = valid_until and valid_until - timedelta(days=1)
    written = [
        write_day(day, "calendar_day", place) for day, place in ((valid_from, Place.FROM), (last, Place.UNTIL)) if day
    ]
    return " ".join(written) or _("since the beginning")


def _running_at(rows: Iterable[Commission], plan: Plan) -> Commission | None:
    """Return the row without an end that the plan follows, or None."""
    for row in rows:
        begins_before = row.valid_from is None or row.valid_from < plan.valid_from
        if row.valid_until is None and begins_before and About.of(row) == plan.about:
            return row
    return None


def _overlaps(row: Commission, plan: Plan) -> bool:
    return (row.valid_until is None or plan.valid_from < row.valid_until) and (
        plan.valid_until is None or row.valid_from is None or row.valid_from < plan.valid_until
    )


def _written(row: Commission) -> dict[str, Any]:
    """Return a row as the history of settings keeps it."""
    days = {name: day.isoformat() if (day := getattr(row, name)) else None for name in ("valid_from", "valid_until")}
    return {**asdict(About.of(row)), "basis_points": row.basis_points, **days}


@written_once
def _rows_about(tenant_id: int, package_slug: str, level: str, country: str, day: date) -> "QuerySet[Commission]":
    return Commission.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day),
        Q(valid_until=None) | Q(valid_until__gt=day),
        tenant=tenant_id,
        package_slug__in=["", package_slug],
        level__in=["", level],
        country__in=["", country],
    )
