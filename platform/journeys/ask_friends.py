"""Waves: the next four friends are asked, in the own community first, then in the shared crowd (R14, R17)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dispatch.services import WaveResult, open_next_wave, search_again
from journeys.posting import tell_customer, tell_friend, tell_managers
from orders.services import mark_unfilled, note_talk, note_wave, resume_search
from orders.states import Side
from tenants.context import platform_context, tenant_context
from tenants.selectors import tenant_by_id


@transaction.atomic
def ask_next_friends(*, job_id: UUID, after_wave: int, now: datetime) -> WaveResult | None:
    """Open the wave after ``after_wave`` and tell everybody concerned; doing it twice changes nothing.

    Run on the platform. Where nobody is left to ask, the customer gets an honest message and the order is on the
    manager's desk; while other times are proposed, the customer is asked to choose first.
    """
    result = open_next_wave(job_id=job_id, after_wave=after_wave, now=now)
    if result is None:
        return None
    job = result.job
    if result.waits_until:
        return result
    with tenant_context(tenant_by_id(job.tenant_id)):
        if result.waits_for_choice:
            once = str(job.search)
            tell_customer("only_other_times", tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once=once)
            note_talk(order_uuid=job.order_id, kind="waits_for_choice", side=Side.SYSTEM, now=now)
        elif result.found_nobody:
            mark_unfilled(order_uuid=job.order_id, now=now)
            once = now.isoformat()
            tell_customer("order_unfilled", tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once=once)
            tell_managers("desk_unfilled", tenant_id=job.tenant_id, order_uuid=job.order_id, now=now, once=once)
        else:
            note_wave(
                order_uuid=job.order_id,
                wave=job.wave,
                offers=len(result.offers),
                in_shared_crowd=job.community != job.tenant_id,
                now=now,
            )
    for offer in result.offers:
        tell_friend("offer_made", job=job, friend_id=offer.friend_id, now=now, once=f"{offer.search}.{offer.wave}")
    return result


@transaction.atomic
def ask_again(*, order_uuid: UUID, job_id: UUID, who: str, now: datetime) -> WaveResult | None:
    """Search once more for an order that found nobody, on a manager's word. Run inside the tenant.

    Raises IllegalJobMove or IllegalOrderMove unless nobody was found.
    """
    with platform_context():
        search_again(job_id=job_id, now=now)
    resume_search(order_uuid=order_uuid, who=who, now=now)
    with platform_context():
        return ask_next_friends(job_id=job_id, after_wave=0, now=now)
