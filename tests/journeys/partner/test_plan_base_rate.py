"""Another base rate for many partners is announced 15 days ahead, to each friend once (R21)."""

from datetime import date, timedelta

import pytest
from django.test import Client
from time_machine import Coordinates

from journeys.partner.plan_base_rate import announce_base_rate
from kernel.clock import now
from notifications.models import Notice
from outbox.models import Message
from tenants.context import platform_context
from tenants.errors import UnableToChangeSettings
from tenants.models import Commission, Tenant
from tenants.settings.commissions import commissions_of
from tests.cast import Cast, book, deliver, register_friend
from tests.operators.test_operators import olga, operator_client  # noqa: F401  # fixtures
from tests.overflow import agree, fresh
from tests.pages import assert_valid_html, press, text_of

FIRST_DAY = date(2026, 12, 9)
PAGE = "/en/operators/base-rate/"


def announce(*partners: Tenant, basis_points: int = 1_800, first_day: date = FIRST_DAY) -> int:
    with platform_context():
        return announce_base_rate(
            slugs=[one.slug for one in partners], basis_points=basis_points, valid_from=first_day, who="Olga", now=now()
        )


def test_each_partner_plans_it_and_each_friend_hears_once(
    nord: Tenant, sued: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    register_friend("Greta", km=2, communities=[nord.pk, sued.pk])
    deliver()

    assert announce(nord, sued) == 2

    mails = [mail for mail in deliver() if "commission" in mail.subject]
    (to_greta,) = [mail for mail in mails if mail.to[0].startswith("greta")]
    assert "18% instead of 15%" in to_greta.body
    assert "from 9 December 2026" in to_greta.body
    assert nord.name in to_greta.body
    assert sued.name in to_greta.body
    (to_ben,) = [mail for mail in mails if mail.to[0].startswith("ben")]
    assert sued.name not in to_ben.body
    assert {mail.to[0] for mail in mails if "manager" in mail.to[0]} == {"manager@nord.example", "manager@sued.example"}
    with platform_context():
        assert Notice.objects.filter(topic="base_rate_planned").count() == 5


def test_it_never_reaches_an_open_order(nord: Tenant, sued: Tenant, four_near: Cast, clock: Coordinates) -> None:
    order = book(nord)
    announce(nord, sued)

    clock.shift(timedelta(days=15))
    later = book(nord)

    assert (fresh(nord, order).commission_bp, later.commission_bp) == (1_500, 1_800)


def test_a_partner_with_that_rate_is_left_out(nord: Tenant, sued: Tenant, four_near: Cast) -> None:
    Commission.objects.create(tenant=sued, basis_points=1_800)

    assert announce(nord, sued) == 1

    assert [row.basis_points for row in commissions_of(sued)] == [1_800]
    with pytest.raises(UnableToChangeSettings) as refusal:
        announce(sued)
    assert refusal.value.fields == {"percent": "This rate counts already."}


@pytest.mark.parametrize(
    ("first_day", "field", "words"),
    [
        (date(2026, 12, 8), "valid_from", "Nord: Changes are announced 15 days ahead."),
        (FIRST_DAY, "valid_until", "S\u00fcd: 20% has been announced for this already"),
    ],
)
def test_what_one_partner_refuses_is_planned_at_none(
    nord: Tenant, sued: Tenant, four_near: Cast, first_day: date, field: str, words: str
) -> None:
    Commission.objects.create(tenant=sued, basis_points=2_000, valid_from=date(2027, 1, 1))
    before = Message.objects.count()

    with pytest.raises(UnableToChangeSettings) as refusal:
        announce(nord, sued, first_day=first_day)

    assert words in refusal.value.fields[field]
    assert commissions_of(nord) == []
    assert Message.objects.count() == before


def test_an_operator_sees_whom_it_touches_and_announces_it(
    nord: Tenant,
    sued: Tenant,
    four_near: Cast,
    operator_client: Client,  # noqa: F811
) -> None:
    page = press(operator_client, operator_client.get("/en/operators/partners/"), "Base rate")
    assert_valid_html(page)
    wrong = press(operator_client, page, "See whom it touches", {"percent": "120", "valid_from": "2026-12-09"})
    assert wrong.status_code == 422
    assert "from 0 to 100" in text_of(wrong)

    typed = {"percent": "18", "valid_from": "2026-12-09", "partners": ["nord"]}
    seen = press(operator_client, page, "See whom it touches", typed)
    assert_valid_html(seen)
    assert "15% \u2192 18%" in text_of(seen)
    assert "Friends to notify 4" in text_of(seen)
    assert commissions_of(nord) == []
    done = press(operator_client, seen, "Announce the change")

    assert "planned at 1 partner and announced" in text_of(done)
    assert [row.basis_points for row in commissions_of(nord)] == [1_800]
    assert commissions_of(sued) == []


def test_overflow_by_a_rate_of_its_own_is_not_told(nord: Tenant, four_near: Cast) -> None:
    register_friend("Greta", km=2, in_shared_crowd=True)
    agree(nord, commission_bp=2_000)
    deliver()

    announce(nord)

    assert not [mail for mail in deliver() if mail.to[0].startswith("greta") and "commission" in mail.subject]
