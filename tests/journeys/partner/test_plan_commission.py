"""A change of commissions is announced 15 days ahead to those whom it touches (R12, R21)."""

from datetime import date

import pytest

from journeys.partner.plan_commission import announce_plan, preview_plan
from kernel.clock import now
from notifications.models import Notice
from tenants.context import platform_context
from tenants.errors import UnableToChangeSettings
from tenants.models import Tenant
from tenants.selectors import settings_version
from tenants.settings.commissions import About, Plan, commissions_of
from tests.cast import Cast, deliver, register_friend
from tests.overflow import agree, end_for_all, register_pro

FIRST_DAY = date(2026, 12, 9)


def announce(tenant: Tenant, basis_points: int = 2_000, *, first_day: date = FIRST_DAY, **about: str) -> list[str]:
    """Announce a change, and return who got a mail about it."""
    plan = Plan(about=About(**about), basis_points=basis_points, valid_from=first_day)
    with platform_context():
        announce_plan(tenant=tenant, plan=plan, who="Olga", now=now(), version=settings_version(tenant))
    return sorted(mail.to[0].partition("@")[0] for mail in deliver() if "commission" in mail.subject)


def test_friends_and_managers_are_told_what_changes_and_when(nord: Tenant, four_near: Cast) -> None:
    plan = Plan(about=About(package_slug="wifi-setup"), basis_points=2_000, valid_from=FIRST_DAY)
    with platform_context():
        seen = preview_plan(tenant=nord, plan=plan, now=now())
        announce_plan(tenant=nord, plan=plan, who="Olga", now=now(), version=settings_version(nord))

    mails = [mail for mail in deliver() if "commission" in mail.subject]

    assert len(mails) == seen.friends + seen.managers
    assert seen.friends == 4
    assert (seen.before_bp, seen.after_bp) == (1_500, 2_000)
    (change,) = [one for one in seen.changes if one.country == "DE"]
    assert (change.before.friend_minor, change.after.friend_minor) == (4_165, 3_920)
    for mail in mails:
        assert "20% instead of 15%, from 9 December 2026" in mail.body
        assert "Wi-Fi set-up" in mail.body
    with platform_context():
        assert Notice.objects.filter(topic="commission_planned").count() == 4


def test_nothing_is_told_where_the_notice_is_too_short(nord: Tenant, four_near: Cast) -> None:
    with pytest.raises(UnableToChangeSettings):
        announce(nord, first_day=date(2026, 12, 8))

    assert commissions_of(nord) == []
    assert [mail for mail in deliver() if "commission" in mail.subject] == []


def test_a_rate_for_pros_reaches_pros_and_one_for_overflow_those_outside(nord: Tenant, four_near: Cast) -> None:
    end_for_all()
    agree(nord)
    register_pro("Petra", km=8, communities=[nord.pk])
    register_friend("Greta", km=2, in_shared_crowd=True)

    for_pros = announce(nord, level="pro")
    outside = announce(nord, route="overflow")
    inside = announce(nord, route="own")

    assert [name for name in for_pros if name in {"ben", "petra", "greta"}] == ["petra"]
    assert [name for name in outside if name in {"ben", "petra", "greta"}] == ["greta"]
    assert [name for name in inside if name in {"ben", "petra", "greta"}] == ["ben", "petra"]
