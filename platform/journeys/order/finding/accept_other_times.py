"""A friend accepts with other times, and the customer picks one, turns them down, or lets them lapse (R18).

Meanwhile every other offered friend may take the wished time. A pick does in one transaction what an acceptance and an
agreed date do in two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crowd.errors import TooManyOpenJobs
from crowd.reputation import Reputation
from crowd.selectors import friend_by_id
from dispatch.errors import FriendNotFree
from dispatch.models import Job, Offer, ProposedTime
from dispatch.moves import own_offer
from dispatch.offering.other_times import (
    decline_times,
    lapse_times,
    open_proposals,
    pick_time,
    propose_times,
    take_back_times,
    withdraw_times,
)
from dispatch.selectors import job_by_id
from dispatch.working.closing import note_contact
from journeys.order.finding.accept_offer import assign_order, times_taken
from journeys.order.finding.ask_friends import ask_next_friends
from journeys.order.talking.hide_contact import hide_contact
from journeys.order.working.agree_date import must_be_meant
from journeys.posting import tell_customer, tell_friend
from journeys.topics import ToCustomer, ToFriend
from kernel.hiding.masking import HIDDEN, WITHHELD
from kernel.templatetags.quartett import distance as write_distance
from orders.models import Appointment, Order
from orders.selectors import order_by_uuid
from orders.services.appointments import accept_appointment, propose_appointment
from orders.services.appointments import note_contact as note_contact_in_orders
from orders.services.texts import note_talk
from orders.states import Side
from outbox.services import post_all
from tenants.context import platform_context, tenant_context
from tenants.selectors import tenant_by_id


@dataclass(frozen=True)
class Proposal:
    """The other times of one friend, who has no name yet."""

    distance_m: int
    reputation: Reputation
    note: str
    times: tuple[ProposedTime, ...]
    lapses_at: datetime
    friend_id: UUID
    offer_id: str

    @property
    def description(self) -> str:
        """Who proposes, in a line without a name: how far away, and how they are rated."""
        distance = write_distance(self.distance_m)
        if self.reputation.is_new:
            return _("A friend, %(distance)s away, new here") % {"distance": distance}
        return ngettext(
            "A friend, %(distance)s away, %(stars)s stars (%(count)d rating)",
            "A friend, %(distance)s away, %(stars)s stars (%(count)d ratings)",
            self.reputation.count,
        ) % {
            "distance": distance,
            "stars": number_format(self.reputation.average, 1),
            "count": self.reputation.count,
        }


def proposals_of_order(order: Order, *, now: datetime) -> list[Proposal]:
    """Return what the customer can choose from, the earliest first (2 queries). Run inside the tenant."""
    with platform_context():
        return [_proposal(offer) for offer in open_proposals(order.placed_job_id, now=now)]


@transaction.atomic
def propose_other_times(
    *,
    job_id: UUID,
    friend_id: UUID,
    times: Sequence[datetime],
    note: str = "",
    is_meant: bool = False,
    now: datetime,
) -> bool:
    """Offer to take the job at up to three other times; say whether contact data was hidden in the note.

    Run on the platform. Raises OfferNotYours, OfferExpired, OfferAlreadyTaken, UnableToProposeTimes, or UnusualTime
    unless the times are meant.
    """
    job = own_offer(job_id, friend_id).job
    tenant, friend = tenant_by_id(job.tenant_id), friend_by_id(friend_id)
    for starts_at in times:
        must_be_meant(starts_at, tenant=tenant, is_meant=is_meant, now=now)
    with tenant_context(tenant):
        masked = hide_contact(note, order=order_by_uuid(job.order_id), friend=friend)
    was_last = propose_times(
        job_id=job_id,
        friend_id=friend_id,
        times=times,
        note=masked.text if masked.says_something else "",
        now=now,
    )
    _note(job, "times_proposed", Side.FRIEND, now)
    once = f"{friend_id}:{now.isoformat()}"
    tell_customer(ToCustomer.TIMES_PROPOSED, tenant_id=tenant.pk, order_uuid=job.order_id, now=now, once=once)
    _go_on(job_id, was_last, now)
    return masked.has_hidden


@transaction.atomic
def withdraw_other_times(*, job_id: UUID, friend_id: UUID, now: datetime) -> None:
    """Take proposed times back, which costs the friend nothing. Run on the platform.

    Raises OfferNotYours or OfferExpired.
    """
    was_last = withdraw_times(job_id=job_id, friend_id=friend_id, now=now)
    _note(job_by_id(job_id), "times_withdrawn", Side.FRIEND, now)
    _go_on(job_id, was_last, now)


def pick_other_time(*, order: Order, time_id: int, now: datetime) -> Appointment:
    """Give the job to the friend who proposed the time, and agree on it as the date. Run inside the tenant.

    Raises TimesNotOpen, TakenMeanwhile, or FriendNotFree, upon which the proposal is taken back.
    """
    try:
        return _pick(order, time_id, now)
    except TooManyOpenJobs as error:
        _take_back(order, time_id, now)
        raise FriendNotFree from error


@transaction.atomic
def decline_other_times(*, order: Order, now: datetime) -> None:
    """Turn down all proposed times; the search goes on. Run inside the tenant.

    Raises TimesNotOpen where there are none.
    """
    job_id = order.placed_job_id
    with platform_context():
        friend_ids, was_last = decline_times(job_id=job_id, now=now)
        job = job_by_id(job_id)
    note_talk(order_uuid=order.uuid, kind="times_declined", side=Side.CUSTOMER, now=now)
    _tell_each(ToFriend.TIMES_DECLINED, job, friend_ids, now)
    with platform_context():
        _go_on(job_id, was_last, now)


@transaction.atomic
def lapse_other_times(*, job_id: UUID, now: datetime) -> datetime | None:
    """End the proposals whose moment has come and return when the next ones lapse. Run on the platform."""
    lapsed = lapse_times(job_id=job_id, now=now)
    if lapsed.friend_ids:
        job = job_by_id(job_id)
        _note(job, "times_lapsed", Side.SYSTEM, now)
        _tell_each(ToFriend.TIMES_LAPSED, job, lapsed.friend_ids, now)
        _go_on(job_id, lapsed.all_have_answered, now)
    return lapsed.next_at


@transaction.atomic
def _pick(order: Order, time_id: int, now: datetime) -> Appointment:
    with platform_context():
        job, proposed = pick_time(job_id=order.placed_job_id, time_id=time_id, now=now)
        friend = friend_by_id(job.assigned_friend_id)
        # A proposed date counts as contact, here as everywhere.
        note_contact(job_id=job.pk, friend_id=friend.pk, now=now)
    assign_order(job=job, friend=friend, now=now)
    note_contact_in_orders(order_uuid=order.uuid, now=now)
    note = proposed.offer.counter_note.replace(HIDDEN, "…").replace(WITHHELD, "")
    dated = propose_appointment(
        order_uuid=order.uuid, side=Side.FRIEND, starts_at=proposed.starts_at, note=note, now=now
    )
    agreed = accept_appointment(order_uuid=order.uuid, appointment_id=dated.pk, side=Side.CUSTOMER, now=now)
    once, reference = str(agreed.pk), {"appointment": agreed.pk}
    tell_customer(
        ToCustomer.DATE_AGREED,
        tenant_id=job.tenant_id,
        order_uuid=order.uuid,
        now=now,
        once=once,
        **reference,
    )
    tell_friend(ToFriend.TIME_CHOSEN, job=job, friend_id=friend.pk, now=now, once=once, **reference)
    with platform_context():
        post_all(times_taken(job=job, now=now))
    return agreed


@transaction.atomic
def _take_back(order: Order, time_id: int, now: datetime) -> None:
    job_id = order.placed_job_id
    with platform_context():
        friend_id, was_last = take_back_times(job_id=job_id, time_id=time_id, now=now)
        job = job_by_id(job_id)
    note_talk(order_uuid=order.uuid, kind="times_withdrawn", side=Side.SYSTEM, now=now)
    _tell_each(ToFriend.TIMES_WITHOUT_ROOM, job, [friend_id], now)
    with platform_context():
        _go_on(job_id, was_last, now)


def _go_on(job_id: UUID, was_last: bool, now: datetime) -> None:
    """Ask the next friends where all have answered."""
    if was_last:
        ask_next_friends(job_id=job_id, after_wave=job_by_id(job_id).wave, now=now)


def _note(job: Job, kind: str, side: str, now: datetime) -> None:
    with tenant_context(tenant_by_id(job.tenant_id)):
        note_talk(order_uuid=job.order_id, kind=kind, side=side, now=now)


def _tell_each(topic: ToFriend, job: Job, friend_ids: Sequence[UUID], now: datetime) -> None:
    for friend_id in friend_ids:
        tell_friend(topic, job=job, friend_id=friend_id, now=now, once=now.isoformat())


def _proposal(offer: Offer) -> Proposal:
    friend = offer.friend
    return Proposal(
        distance_m=offer.distance_m,
        reputation=friend.reputation,
        note=offer.counter_note,
        times=tuple(offer.times_ahead),  # type: ignore[attr-defined]  # prefetched
        lapses_at=offer.expires_at,
        friend_id=friend.pk,
        offer_id=str(offer.pk),
    )
