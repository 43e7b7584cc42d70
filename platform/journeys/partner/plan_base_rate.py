"""Operators plan another base rate for many partners at once: all or none, each friend told once (R21).

For each partner it is a rate about all jobs, planned and kept as every other one, so it reaches no open order.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.partner.plan_commission import plan_and_tell_managers, preview_plan, touched_friends
from journeys.posting import notice
from journeys.topics import ToFriend
from kernel.wording.texts import labelled
from outbox.services import post_all
from tenants.errors import UnableToChangeSettings
from tenants.models import Tenant
from tenants.selectors import partners
from tenants.settings.commissions import About, Plan, commissions_of, rate_among


@dataclass(frozen=True)
class BaseChange:
    """What all jobs of a partner pay before the change, in basis points, and who hears of it."""

    partner: Tenant
    before_bp: int
    managers: int


@dataclass(frozen=True)
class BasePreview:
    """What another base rate would do: at which partners, and how many friends hear of it, each once."""

    changes: list[BaseChange]
    friends: int

    @property
    def managers(self) -> int:
        """How many managers hear of it."""
        return sum(change.managers for change in self.changes)


def preview_base_rate(*, slugs: Collection[str], basis_points: int, valid_from: date, now: datetime) -> BasePreview:
    """Say whom another base rate would touch. Run on the platform.

    Raises UnableToChangeSettings with the faults by field, each with the partner's name.
    """
    plan = _plan(basis_points, valid_from)
    changes, friends = [], set[str]()
    for partner in _chosen(slugs, plan):
        with _named(partner):
            seen = preview_plan(tenant=partner, plan=plan, now=now)
        changes.append(BaseChange(partner, seen.before_bp, seen.managers))
        friends.update(touched_friends(partner, plan, now))
    return BasePreview(changes, len(friends))


@transaction.atomic
def announce_base_rate(*, slugs: Collection[str], basis_points: int, valid_from: date, who: str, now: datetime) -> int:
    """Plan another base rate at the partners, tell their managers and each friend whom it touches. On the platform.

    Returns how many partners it is. Raises UnableToChangeSettings with the faults by field; then nothing is planned.
    """
    plan = _plan(basis_points, valid_from)
    chosen = _chosen(slugs, plan)
    of_friend: dict[str, list[str]] = {}
    for partner in chosen:
        with _named(partner):
            _row, said = plan_and_tell_managers(tenant=partner, plan=plan, who=who, now=now)
        for friend_id in touched_friends(partner, plan, now):
            of_friend.setdefault(friend_id, []).append(f"{partner.pk}:{said['before']}")
    post_all(
        [
            notice(
                ToFriend.BASE_RATE_PLANNED,
                friend_id,
                valid_from.isoformat(),
                now.isoformat(),
                now=now,
                friend=friend_id,
                first_day=valid_from.isoformat(),
                after=basis_points,
                before=",".join(rates),
            )
            for friend_id, rates in of_friend.items()
        ]
    )
    return len(chosen)


@contextmanager
def _named(partner: Tenant) -> Iterator[None]:
    """Put the partner's name before what is wrong with a plan there."""
    try:
        yield
    except UnableToChangeSettings as error:
        said = {field: labelled(partner.name, words) for field, words in error.fields.items()}
        raise UnableToChangeSettings(said) from error


def _plan(basis_points: int, valid_from: date) -> Plan:
    return Plan(about=About(), basis_points=basis_points, valid_from=valid_from)


def _chosen(slugs: Collection[str], plan: Plan) -> list[Tenant]:
    """Return the partners at which the rate would be another one than it is.

    Raises UnableToChangeSettings where there is none.
    """
    found = [
        partner
        for partner in partners().filter(slug__in=list(slugs))
        if rate_among(commissions_of(partner), partner, plan.about, plan.valid_from).basis_points != plan.basis_points
    ]
    if not found:
        raise UnableToChangeSettings({"percent": _("This rate counts already.")})
    return found
