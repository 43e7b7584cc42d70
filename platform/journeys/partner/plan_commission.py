"""Operators plan a change of a partner's commissions: seen before, announced 15 days ahead to whom it touches (R21)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.selectors import managers
from billing.selectors import quote
from catalog.selectors import open_packages, texts_of
from crowd.selectors import friends_of_communities
from dispatch.overflow.gate import communities_by_table
from journeys.posting import notice, tell
from journeys.topics import ToFriend, ToManagers
from kernel.money import Split
from kernel.wording.texts import Texts
from outbox.services import post_all
from skills.selectors import groups_by_skill
from tenants.context import platform_context, tenant_context
from tenants.errors import UnableToChangeSettings
from tenants.models import Commission, Route, Tenant
from tenants.settings.commissions import (
    About,
    Plan,
    as_planned,
    commissions_of,
    plan_commission,
    plan_faults,
    rate_among,
)


@dataclass(frozen=True)
class Change:
    """What a package pays before and after in a country."""

    package: Texts
    country: str
    before: Split
    after: Split


@dataclass(frozen=True)
class Preview:
    """What a planned change would do: the rates, the packages, and how many hear of it.

    ``then_bp`` is what applies again once the rate has ended, on ``then_on``.
    """

    before_bp: int
    after_bp: int
    then_on: date | None
    then_bp: int
    changes: list[Change]
    friends: int
    managers: int


def preview_plan(*, tenant: Tenant, plan: Plan, now: datetime) -> Preview:
    """Say whom a change would touch. Run on the platform.

    Raises UnableToChangeSettings with the faults by field.
    """
    rows = commissions_of(tenant)
    if faults := plan_faults(tenant, rows, plan, now=now):
        raise UnableToChangeSettings(faults)
    planned = as_planned(tenant, rows, plan)
    before, after = _rates(tenant, rows, planned, plan)
    then_on = plan.valid_until
    with tenant_context(tenant):
        changes, told = _changes(tenant, rows, planned, plan), len(managers())
    return Preview(
        before_bp=before,
        after_bp=after,
        then_on=then_on,
        then_bp=rate_among(planned, tenant, plan.about, then_on).basis_points if then_on else after,
        changes=changes,
        friends=len(touched_friends(tenant, plan, now)),
        managers=told,
    )


@transaction.atomic
def announce_plan(*, tenant: Tenant, plan: Plan, who: str, now: datetime, version: int) -> Commission:
    """Plan a change and tell the partner's managers and all friends whom it touches. Run on the platform.

    Raises SettingsChangedMeanwhile, or UnableToChangeSettings with the faults by field.
    """
    row, said = plan_and_tell_managers(tenant=tenant, plan=plan, who=who, now=now, version=version)
    post_all(
        [
            notice(
                ToFriend.COMMISSION_PLANNED,
                *_occasion(tenant, row, plan),
                friend_id,
                tenant_id=tenant.pk,
                now=now,
                friend=friend_id,
                **said,
            )
            for friend_id in touched_friends(tenant, plan, now)
        ]
    )
    return row


def plan_and_tell_managers(
    *, tenant: Tenant, plan: Plan, who: str, now: datetime, version: int | None = None
) -> tuple[Commission, dict[str, str | int]]:
    """Plan a change, tell the partner's managers, and return the row with what there is to say of it.

    In the caller's transaction. Raises what ``announce_plan`` does.
    """
    rows = commissions_of(tenant)
    row = plan_commission(tenant=tenant, plan=plan, who=who, now=now, version=version)
    before, after = _rates(tenant, rows, as_planned(tenant, rows, plan), plan)
    said: dict[str, str | int] = {
        "version": str(row.version),
        "before": before,
        "after": after,
        "from": plan.valid_from.isoformat(),
        "until": plan.valid_until.isoformat() if plan.valid_until else "",
    }
    tell(ToManagers.COMMISSION_PLANNED, *_occasion(tenant, row, plan), tenant_id=tenant.pk, now=now, **said)
    return row, said


def touched_friends(tenant: Tenant, plan: Plan, now: datetime) -> list[str]:
    """Return the ids of the friends who could get a job that the change is about."""
    communities = set()
    if plan.about.route != Route.OVERFLOW:
        communities.add(tenant.pk)
    if plan.about.route != Route.OWN and tenant.overflows:
        communities.update(communities_by_table(tenant.pk, today=now.date()))
    with platform_context():
        found = friends_of_communities(communities, country=plan.about.country, only_pros=plan.about.level == "pro")
    return [str(friend_id) for friend_id in found]


def _occasion(tenant: Tenant, row: Commission, plan: Plan) -> tuple[str | int | UUID, ...]:
    return tenant.pk, row.version, plan.valid_from.isoformat()


def _rates(tenant: Tenant, rows: Sequence[Commission], planned: Sequence[Commission], plan: Plan) -> tuple[int, int]:
    """Return what counts for what the plan is about on its first day, without it and with it."""
    before, after = (rate_among(table, tenant, plan.about, plan.valid_from) for table in (rows, planned))
    return before.basis_points, after.basis_points


def _changes(tenant: Tenant, rows: Sequence[Commission], planned: Sequence[Commission], plan: Plan) -> list[Change]:
    """Return the packages of which somebody gets another part. Run inside the tenant."""
    found, groups = [], groups_by_skill()
    for package in open_packages():
        categories = package.categories(groups)
        for price in package.prices.all():
            if price.country not in tenant.countries:
                continue
            of_package = About(
                package_slug=package.slug,
                level=package.level,
                country=price.country,
                route=plan.about.route or Route.OWN,
            )
            before, after = (
                rate_among(table, tenant, of_package, plan.valid_from, categories=categories).basis_points
                for table in (rows, planned)
            )
            if before != after:
                split = quote(package=package, country=price.country, commission_bp=before, on=plan.valid_from)
                changed = replace(split, commission_bp=after)
                found.append(Change(texts_of(package, "name"), price.country, split, changed))
    return found
