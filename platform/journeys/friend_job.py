"""What a friend may see of a job: the brief before acceptance, the contact data after it, and only theirs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.base import File

from dispatch.errors import OfferNotYours
from dispatch.models import Job, Offer
from dispatch.other_times import times_of
from dispatch.selectors import offer_of
from dispatch.states import OfferState
from journeys.ask_customer import Exchange, exchanges_of
from orders.models import Answer, Appointment, Order, Report, Review
from orders.selectors import NoShow, agreed_appointment, no_shows, open_proposal, order_by_uuid
from orders.states import OrderState
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id


@dataclass(frozen=True)
class Contact:
    """The customer's contact data; exists only for the friend who has the job."""

    name: str
    phone: str
    email: str
    street: str
    postal_code: str
    town: str
    note: str


@dataclass(frozen=True)
class FriendJob:
    """A job through the eyes of one friend. What follows ``contact`` is None until they have it.

    ``exchanges`` are the questions of all and their answers, ``times`` the other times that the friend proposes.
    """

    offer: Offer
    job: Job
    tenant: Tenant
    exchanges: tuple[Exchange, ...] = ()
    times: tuple[datetime, ...] = ()
    contact: Contact | None = None
    order_state: str = ""
    contact_due_at: datetime | None = None
    proposal: Appointment | None = None
    agreed: Appointment | None = None
    report: Report | None = None
    review: Review | None = None
    no_shows: tuple[NoShow, ...] = ()

    @property
    def is_mine(self) -> bool:
        """Say whether the friend has the job."""
        return self.contact is not None


def job_for_friend(*, job_id: UUID, friend_id: UUID) -> FriendJob:
    """Return a job as the friend may see it. Run on the platform.

    Raises OfferNotYours where they were never offered it.
    """
    offer = offer_of(job_id, friend_id)
    if offer is None:
        raise OfferNotYours
    tenant = tenant_by_id(offer.job.tenant_id)
    exchanges = tuple(exchanges_of(job_id, friend_id=friend_id))
    if offer.state != OfferState.ACCEPTED or offer.job.friend_id != friend_id:
        times = times_of(offer) if offer.state == OfferState.COUNTERED else ()
        return FriendJob(offer, offer.job, tenant, exchanges, tuple(times))
    with tenant_context(tenant):
        order = order_by_uuid(offer.job.order_id)
        if order.job_id != offer.job_id:
            # The order goes on with another job after this one has ended; that is not this friend's concern.
            return FriendJob(offer, offer.job, tenant, contact=_contact(order), order_state=OrderState.CANCELLED)
        return FriendJob(
            offer,
            offer.job,
            tenant,
            exchanges,
            contact=_contact(order),
            order_state=order.state,
            contact_due_at=order.contact_due_at,
            proposal=open_proposal(order),
            agreed=agreed_appointment(order),
            report=getattr(order, "report", None),
            review=getattr(order, "review", None),
            no_shows=no_shows(order),
        )


def photo_for_friend(*, job_id: UUID, friend_id: UUID, answer_id: int) -> bytes:
    """Return the JPEG of an intake photo to a friend who was offered the job. Run on the platform.

    Raises OfferNotYours where they were not, or the job has no such photo.
    """
    offer = offer_of(job_id, friend_id)
    if offer is None or all(entry.get("photo") != answer_id for entry in offer.job.brief):
        raise OfferNotYours
    with tenant_context(tenant_by_id(offer.job.tenant_id)):
        answer = Answer.objects.filter(pk=answer_id, order__uuid=offer.job.order_id).first()
        if answer is None or not answer.photo:
            raise OfferNotYours
        return _read(answer.photo.file)


def _contact(order: Order) -> Contact:
    return Contact(
        name=order.name,
        phone=order.phone,
        email=order.email,
        street=order.street,
        postal_code=order.postal_code,
        town=order.town,
        note=order.note,
    )


def _read(file: File) -> bytes:
    with file.open("rb") as opened:
        return opened.read()
