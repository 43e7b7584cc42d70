"""Overflow is a contract, and one gate lets jobs out (R17, R12, R21, R3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.models import Crossing, Job, Offer, OverflowContract
from dispatch.overflow.contracts import Agreement, UnableToMakeContract, end_contract, make_contract
from dispatch.overflow.gate import CARRIED, open_contracts
from dispatch.terms import Terms
from journeys.order.finding.accept_offer import accept_offer, decline_offer
from journeys.order.finding.ask_friends import begin_new_search
from kernel.clock import now
from kernel.geo import on_sphere
from orders.models import Order, OrderEvent
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA_AT, Cast, book, register_friend
from tests.overflow import WHO, agree, end_for_all, fresh, job_of, next_wave

SHARES = st.integers(min_value=0, max_value=10_000)


def a_job(tenant: Tenant, **fields: Any) -> Job:
    """Return a job that is in no table."""
    return Job(
        tenant_id=tenant.pk,
        country="DE",
        postal_code="10115",
        package_slug="wifi-setup",
        position=on_sphere(*ADA_AT),
        rules=Terms().to_json(),
        **fields,
    )


def asked(order: Order) -> list[int]:
    """Return the communities in which friends were asked."""
    return list(Offer.objects.filter(job=order.job_id).order_by("wave").values_list("community", flat=True))


def test_with_no_contract_nobody_outside_is_asked(nord: Tenant, four_near: Cast) -> None:
    end_for_all()
    register_friend("Greta", km=2, in_shared_crowd=True)
    order = book(nord)

    next_wave(order)

    assert asked(order) == [nord.pk] * 4
    assert Crossing.objects.count() == 0


def test_the_contract_of_the_pair_counts_before_the_one_for_all(nord: Tenant) -> None:
    pair = agree(nord, commission_bp=2_000)

    assert open_contracts(a_job(nord), now=now()) == [pair]

    end_contract(contract_id=pair.pk, who=WHO, now=now())
    (for_all,) = open_contracts(a_job(nord), now=now())
    assert for_all.tenant_id is None


@pytest.mark.parametrize(
    ("terms", "job", "is_open"),
    [
        ({}, {}, True),
        ({"packages": ("wifi-setup",)}, {}, True),
        ({"packages": ("wifi-setup",)}, {"package_slug": "tv-setup"}, False),
        ({"countries": ("DE",)}, {}, True),
        ({"countries": ("CH",)}, {}, False),
        ({"countries": ("DE",), "postal_prefixes": ("10", "12")}, {}, True),
        ({"postal_prefixes": ("DE 80",)}, {}, False),
        # A country without a region is open as a whole.
        ({"countries": ("CH", "DE"), "postal_prefixes": ("CH 80",)}, {}, True),
        ({"hours_from": 8, "hours_until": 12}, {}, False),
        ({"hours_from": 12, "hours_until": 13}, {}, True),
    ],
)
def test_a_contract_lets_pass_what_it_says(
    nord: Tenant, clock: Coordinates, terms: dict[str, Any], job: dict[str, Any], is_open: bool
) -> None:
    end_for_all()
    agree(nord, **terms)
    of_nord = a_job(nord)
    for name, value in job.items():
        setattr(of_nord, name, value)

    assert bool(open_contracts(of_nord, now=now())) is is_open


def test_a_contract_holds_from_its_first_to_its_last_day(nord: Tenant, clock: Coordinates) -> None:
    end_for_all()
    today = now().date()
    agree(nord, valid_from=today + timedelta(days=1), valid_until=today + timedelta(days=2))
    held = []
    for _day in range(4):
        held.append(bool(open_contracts(a_job(nord), now=now())))
        clock.shift(timedelta(days=1))

    assert held == [False, True, True, False]


def test_the_split_changes_with_the_contract_and_the_customers_price_never(
    nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    agree(nord, commission_bp=2_500, partner_share_bp=4_000)
    greta = register_friend("Greta", km=2, in_shared_crowd=True)
    order = book(nord)
    assert (order.price_minor, order.commission_minor) == (4900, 735)

    next_wave(order)

    crossed, order = job_of(order), fresh(nord, order)
    assert (crossed.price_minor, crossed.commission_minor, crossed.friend_minor) == (4900, 1225, 3675)
    assert (order.price_minor, order.commission_minor, order.friend_minor) == (4900, 1225, 3675)
    assert order.commission_bp == 2_500
    crossing = Crossing.objects.get()
    assert (crossing.commission_minor, crossing.partner_share_minor) == (1225, 490)
    assert crossing.own_commission_bp == 1_500
    with tenant_context(nord):
        kinds = list(OrderEvent.objects.filter(order=order).values_list("kind", flat=True))
    assert "crossed" in kinds
    assert "split_changed" in kinds

    accept_offer(job_id=crossed.pk, friend_id=greta.pk, now=now())
    assert fresh(nord, order).friend_minor == 3675


def test_a_job_that_comes_home_has_the_split_of_home_again(nord: Tenant, four_near: Cast) -> None:
    agree(nord, commission_bp=2_500)
    greta = register_friend("Greta", km=2, in_shared_crowd=True)
    order = book(nord)
    next_wave(order)
    decline_offer(job_id=order.placed_job_id, friend_id=greta.pk, reason="no_time", now=now())
    register_friend("Hana", km=3, communities=[nord.pk])
    assert fresh(nord, order).commission_minor == 1225

    with tenant_context(nord):
        begin_new_search(order_uuid=order.uuid, job_id=order.placed_job_id, who="Maja", now=now())

    assert job_of(order).commission_bp == 1_500
    assert fresh(nord, order).commission_minor == 735


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commission=st.none() | SHARES, share=SHARES)
def test_whatever_is_agreed_the_figures_of_job_order_and_crossing_add_up(
    nord: Tenant, four_near: Cast, commission: int | None, share: int
) -> None:
    with transaction.atomic():
        agree(nord, commission_bp=commission, partner_share_bp=share)
        register_friend("Greta", km=2, in_shared_crowd=True)
        order = book(nord)

        next_wave(order)

        job, order, crossing = job_of(order), fresh(nord, order), Crossing.objects.get(job=order.job_id)
        assert job.price_minor == order.price_minor == 4900
        assert job.commission_minor + job.friend_minor == 4900
        assert order.commission_minor + order.friend_minor == 4900
        assert crossing.commission_minor == order.commission_minor == job.commission_minor
        assert crossing.partner_share_minor <= crossing.commission_minor
        transaction.set_rollback(True)


def test_a_job_may_go_to_another_partners_community_and_then_to_the_crowd(
    nord: Tenant, sued: Tenant, four_near: Cast
) -> None:
    agree(nord, sued.pk)
    register_friend("Greta", km=2, communities=[sued.pk])
    register_friend("Hana", km=2, in_shared_crowd=True)
    order = book(nord)

    next_wave(order)
    next_wave(order)

    assert asked(order) == [nord.pk] * 4 + [sued.pk, 0]


def test_the_database_refuses_an_offer_outside_without_a_running_contract(nord: Tenant, four_near: Cast) -> None:
    greta = register_friend("Greta", km=2, in_shared_crowd=True)
    hana = register_friend("Hana", km=2, in_shared_crowd=True)
    order = book(nord)

    def offer(friend: Friend, crossing: Crossing | None) -> None:
        with transaction.atomic():
            Offer.objects.create(
                job_id=order.placed_job_id,
                friend=friend,
                wave=9,
                community=0,
                crossing=crossing,
                distance_m=1,
                created_at=now(),
                expires_at=now() + timedelta(hours=1),
            )

    with pytest.raises(IntegrityError, match="has not passed the gate"):
        offer(greta, None)

    contract = agree(nord)
    crossing = Crossing.objects.create(
        job_id=order.placed_job_id,
        contract=contract,
        community=0,
        at=now(),
        carried=list(CARRIED),
        commission_minor=0,
        partner_share_minor=0,
    )
    offer(greta, crossing)
    end_contract(contract_id=contract.pk, who=WHO, now=now())
    with pytest.raises(IntegrityError, match="has not passed the gate"):
        offer(hana, crossing)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"partner_share_bp": 10_001}, "partner_share_bp"),
        ({"commission_bp": -1}, "commission_bp"),
        ({"hours_from": 9, "hours_until": 9}, "hours_until"),
        ({"hours_from": 9, "hours_until": 25}, "hours_until"),
        ({"valid_until": "before"}, "valid_until"),
        ({"countries": ("XX",)}, "countries"),
        ({"postal_prefixes": ("10",)}, "postal_prefixes"),
        ({"postal_prefixes": ("DE somewhere",)}, "postal_prefixes"),
        ({"countries": ("CH",), "postal_prefixes": ("DE 10",)}, "postal_prefixes"),
        ({"packages": ("nothing-of-the-kind",)}, "packages"),
        ({"community": "self"}, "community"),
    ],
)
def test_a_contract_that_cannot_hold_is_refused_in_words(nord: Tenant, terms: dict[str, Any], field: str) -> None:
    terms = dict(terms)
    community = nord.pk if terms.pop("community", None) == "self" else 0
    if terms.get("valid_until") == "before":
        terms["valid_until"] = now().date() - timedelta(days=1)

    with pytest.raises(UnableToMakeContract) as refused:
        agree(nord, community, **terms)

    assert list(refused.value.fields) == [field]
    assert str(refused.value.fields[field])


def test_there_is_one_running_contract_a_pair(nord: Tenant) -> None:
    agree(nord)

    with pytest.raises(UnableToMakeContract) as refused:
        make_contract(agreement=Agreement(tenant_id=nord.pk, valid_from=now().date()), who=WHO, now=now())

    assert "community" in refused.value.fields
    assert OverflowContract.objects.filter(tenant_id=nord.pk).count() == 1


def test_tenants_read_their_own_contracts_and_crossings_and_write_none(
    nord: Tenant, sued: Tenant, four_near: Cast
) -> None:
    agree(nord, sued.pk)
    register_friend("Greta", km=2, communities=[sued.pk])
    order = book(nord)
    next_wave(order)

    with tenant_context(sued):
        assert OverflowContract.objects.filter(community=sued.pk).count() == 1
        (crossing,) = Crossing.objects.all()
        assert not Job.objects.filter(pk=crossing.job_id).exists()
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE public.dispatch_overflowcontract SET ended_at = now()")
