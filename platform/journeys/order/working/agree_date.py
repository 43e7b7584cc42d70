"""Friend and customer get in touch and agree on a date of their own (R15)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dispatch.models import Job
from dispatch.permits import job_to_work_on
from dispatch.selectors import job_by_id
from dispatch.working.closing import note_contact as note_contact_in_dispatch
from journeys.posting import tell_customer, tell_friend
from journeys.topics import ToCustomer, ToFriend
from orders.errors import UnusualTime
from orders.models import Appointment, Order
from orders.services.appointments import accept_appointment, propose_appointment
from orders.services.appointments import note_contact as note_contact_in_orders
from orders.states import Side
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id
from tenants.settings.visits import doubt_about


@transaction.atomic
def contact_customer(*, job_id: UUID, friend_id: UUID, now: datetime) -> Job:
    """Record "I have contacted the customer", which stops the 12-hour clock. Run on the platform.

    Raises IllegalJobMove unless the friend has the job.
    """
    job = note_contact_in_dispatch(job_id=job_id, friend_id=friend_id, now=now)
    with tenant_context(tenant_by_id(job.tenant_id)):
        note_contact_in_orders(order_uuid=job.order_id, now=now)
    return job


@transaction.atomic
def propose_date_as_friend(
    *, job_id: UUID, friend_id: UUID, starts_at: datetime, note: str = "", is_meant: bool = False, now: datetime
) -> Appointment:
    """Propose or counter a date, which also counts as contact. Run on the platform.

    Raises IllegalJobMove, IllegalOrderMove, DateInThePast, or UnusualTime unless it ``is_meant``.
    """
    job = contact_customer(job_id=job_id, friend_id=friend_id, now=now)
    tenant = tenant_by_id(job.tenant_id)
    must_be_meant(starts_at, tenant=tenant, is_meant=is_meant, now=now)
    with tenant_context(tenant):
        appointment = propose_appointment(
            order_uuid=job.order_id, side=Side.FRIEND, starts_at=starts_at, note=note, now=now
        )
    tell_customer(
        ToCustomer.DATE_PROPOSED,
        tenant_id=job.tenant_id,
        order_uuid=job.order_id,
        now=now,
        once=str(appointment.pk),
        appointment=appointment.pk,
    )
    return appointment


@transaction.atomic
def accept_date_as_friend(*, job_id: UUID, friend_id: UUID, appointment_id: int, now: datetime) -> Appointment:
    """Agree to the customer's date. Run on the platform.

    Raises IllegalJobMove, NoOpenProposal or DateInThePast.
    """
    job = job_to_work_on(job_id, friend_id)
    note_contact_in_dispatch(job_id=job_id, friend_id=friend_id, now=now)
    with tenant_context(tenant_by_id(job.tenant_id)):
        appointment = accept_appointment(
            order_uuid=job.order_id, appointment_id=appointment_id, side=Side.FRIEND, now=now
        )
    _tell_both(job, appointment, now)
    return appointment


@transaction.atomic
def propose_date_as_customer(
    *, order: Order, starts_at: datetime, note: str = "", is_meant: bool = False, now: datetime
) -> Appointment:
    """Propose or counter a date from the status page. Run inside the tenant.

    Raises IllegalOrderMove, DateInThePast, or UnusualTime unless it ``is_meant``.
    """
    job = job_by_id(order.placed_job_id)
    must_be_meant(starts_at, tenant=tenant_by_id(job.tenant_id), is_meant=is_meant, now=now)
    appointment = propose_appointment(
        order_uuid=order.uuid, side=Side.CUSTOMER, starts_at=starts_at, note=note, now=now
    )
    tell_friend(
        ToFriend.DATE_PROPOSED,
        job=job,
        friend_id=job.assigned_friend_id,
        now=now,
        once=str(appointment.pk),
        appointment=appointment.pk,
    )
    return appointment


@transaction.atomic
def accept_date_as_customer(*, order: Order, appointment_id: int, now: datetime) -> Appointment:
    """Agree to the friend's date from the status page. Run inside the tenant.

    Raises NoOpenProposal or DateInThePast.
    """
    appointment = accept_appointment(order_uuid=order.uuid, appointment_id=appointment_id, side=Side.CUSTOMER, now=now)
    _tell_both(job_by_id(order.placed_job_id), appointment, now)
    return appointment


def must_be_meant(starts_at: datetime, *, tenant: Tenant, is_meant: bool, now: datetime) -> None:
    """Refuse a time that is far ahead or at an unusual hour, unless whoever proposes it means it.

    Raises UnusualTime.
    """
    doubt = "" if is_meant else doubt_about(starts_at, tenant=tenant, now=now)
    if doubt and starts_at > now:
        raise UnusualTime(doubt)


def _tell_both(job: Job, appointment: Appointment, now: datetime) -> None:
    once, reference = str(appointment.pk), {"appointment": appointment.pk}
    tell_customer(
        ToCustomer.DATE_AGREED,
        tenant_id=job.tenant_id,
        order_uuid=job.order_id,
        now=now,
        once=once,
        **reference,
    )
    tell_friend(ToFriend.DATE_AGREED, job=job, friend_id=job.assigned_friend_id, now=now, once=once, **reference)
