"""Waves: the next four friends are asked, in the own community first, then in the shared crowd (R14, R17)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from crowd.models import SHARED_CROWD
from dispatch.models import Job
from dispatch.offering.waves import WaveResult, open_next_wave, search_again
from dispatch.working.closing import cancel_job
from journeys.money.books import book_ended
from journeys.money.incoming.card import give_back
from journeys.partner.contracts import side_names
from journeys.posting import tell_customer, tell_managers, to_friends
from journeys.topics import ToCustomer, ToFriend, ToManagers
from orders.services.orders import match_split
from orders.services.search import Asked, give_up, mark_unfilled, note_crossing, note_waiting, note_wave, resume_search
from orders.services.texts import note_talk
from orders.states import Side
from outbox.models import Message
from outbox.services import post_all
from tenants.context import platform_context, tenant_context
from tenants.models import LastResort
from tenants.selectors import tenant_by_id


@transaction.atomic
def ask_next_friends(*, job_id: UUID, after_wave: int, now: datetime) -> WaveResult | None:
    """Open the wave after ``after_wave`` and tell everybody concerned; doing it twice changes nothing.

    Run on the platform. In the partner's quiet hours the order's log and its customer learn when friends are asked.
    While other times are proposed, the customer is asked to choose first.
    Where nobody is left to ask, the partner's last resort holds: the order is on the managers' desk, or it ends; the
    customer gets an honest message either way.
    """
    result = open_next_wave(job_id=job_id, after_wave=after_wave, now=now)
    if result is None:
        return None
    follow(result, now)
    return result


def follow(result: WaveResult, now: datetime) -> None:
    """Bring the order up to what a wave led to, and tell everybody concerned."""
    job = result.job
    if result.found_nobody:
        _end_search(job, now)
        return
    with tenant_context(tenant_by_id(job.tenant_id)):
        if result.waits_until:
            note_waiting(order_uuid=job.order_id, until=result.waits_until, now=now)
        elif result.waits_for_choice:
            once = str(job.search)
            tell_customer(
                ToCustomer.ONLY_OTHER_TIMES, tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once=once
            )
            note_talk(order_uuid=job.order_id, kind="waits_for_choice", side=Side.SYSTEM, now=now)
        else:
            _note_asked(result, now)
    post_all(offers_made(result, now))


def offers_made(result: WaveResult, now: datetime) -> list[Message]:
    """Return the notices to the friends whom a wave asks."""
    job = result.job
    friends = [offer.friend_id for offer in result.offers]
    return to_friends(ToFriend.OFFER_MADE, job=job, friend_ids=friends, now=now, once=f"{job.search}.{job.wave}")


def _end_search(job: Job, now: datetime) -> None:
    """Do with the order what the partner's last resort says, and tell everybody."""
    ends = job.terms.last_resort == LastResort.CANCEL
    if ends:
        cancel_job(job_id=job.pk, now=now, why="nobody_found")
    tenant = tenant_by_id(job.tenant_id)
    with tenant_context(tenant):
        order = (give_up if ends else mark_unfilled)(order_uuid=job.order_id, now=now)
        if ends:
            give_back(order=order, tenant_id=job.tenant_id, why="nobody_found", now=now)
        customers = ToCustomer.ORDER_GIVEN_UP if ends else ToCustomer.ORDER_UNFILLED
        managers = ToManagers.ORDER_GIVEN_UP if ends else ToManagers.ORDER_UNFILLED
        once = now.isoformat()
        tell_customer(customers, tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once=once)
        tell_managers(managers, tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once=once)
    if ends:
        book_ended(job=job, tenant=tenant, now=now)


def _note_asked(result: WaveResult, now: datetime) -> None:
    """Bring the order up to the job: who is asked, that it passed the gate, and the split that goes with it."""
    job, crossing = result.job, result.crossing
    partner = "" if job.community in (job.tenant_id, SHARED_CROWD) else side_names([job.community])[job.community]
    if crossing is not None:
        note_crossing(order_uuid=job.order_id, partner=partner, carried=crossing.carried, now=now)
    asked = Asked(job.wave, len(result.offers), in_shared_crowd=job.community == SHARED_CROWD, partner=partner)
    order = note_wave(order_uuid=job.order_id, asked=asked, now=now)
    if order.commission_bp != job.commission_bp:
        share_as_job(job, now)


def share_as_job(job: Job, now: datetime) -> None:
    """Let the order of a job be split as the job is. Run inside the tenant."""
    match_split(order_uuid=job.order_id, of_job=job.split, now=now)


@transaction.atomic
def begin_new_search(
    *, order_uuid: UUID, job_id: UUID, side: str = Side.MANAGER, who: str, now: datetime
) -> WaveResult | None:
    """Search once more for an order that found nobody, on a manager's or the customer's word. Run inside the tenant.

    Raises IllegalJobMove or IllegalOrderMove unless nobody was found.
    """
    with platform_context():
        search_again(job_id=job_id, now=now)
    resume_search(order_uuid=order_uuid, side=side, who=who, now=now)
    with platform_context():
        return ask_next_friends(job_id=job_id, after_wave=0, now=now)
