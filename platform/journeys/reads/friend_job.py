"""What a friend may see of a job: the brief before acceptance, the contact data after it, and only theirs."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.core.files.base import File

from crowd.models import Rating
from crowd.selectors import rating_of_job
from dispatch.errors import OfferNotYours
from dispatch.models import Job, Offer
from dispatch.offering.other_times import times_of
from dispatch.overflow.gate import show_promise
from dispatch.selectors import offer_of, offer_with_job
from dispatch.states import OfferState
from dispatch.working.escalations import diagnosis_fee, owed_for_diagnosis
from journeys.money.incoming.card import due_on_site, is_paid_on_site
from journeys.order.talking.ask_customer import Exchange, exchanges_in
from journeys.order.talking.brief import Row, brief_of
from journeys.reads.offered_brands import Brand, brand_of
from kernel.clock import now
from orders.cancelling import split_of_fee
from orders.models import Answer, Appointment, Escalation, Extra, Objection, Order, Report, Tip
from orders.ratings import SeenRatings, seen_by
from orders.selectors import NoShow, agreed_appointment, given_tip, no_shows, open_extra, open_objection, open_proposal
from orders.states import ExtraState, OrderState, Side
from orders.thread import order_with_unread
from tenants.context import tenant_context
from tenants.models import Feature, Tenant
from tenants.selectors import has_feature, tenant_by_id

# The order has gone on with a pro.
HANDED_OVER = "handed_over"


@dataclass(frozen=True)
class Contact:
    """The customer's contact data; exists only for the friend who has the job."""

    name: str
    company: str
    phone: str
    email: str
    street: str
    postal_code: str
    town: str
    note: str


@dataclass(frozen=True)
class FriendJob:
    """A job through the eyes of one friend. All but the first five is None until they have it.

    ``brand`` is None where they may not know yet whose job it is. Who handed the job over to a pro keeps the diagnosis
    and what it brings (``diagnosis_minor``), and loses the customer's contact data once the order has gone on.

    ``extra`` waits for the customer's answer, ``extras`` are those of this friend that are answered or over.
    ``brief`` is masked until the friend has the job. ``exchanges`` are the questions of all and their answers,
    ``times`` the other times that the friend proposes.
    """

    offer: Offer
    job: Job
    tenant: Tenant
    brand: Brand | None
    brief: list[Row]
    exchanges: tuple[Exchange, ...] = ()
    times: tuple[datetime, ...] = ()
    contact: Contact | None = None
    order_state: str = ""
    contact_due_at: datetime | None = None
    proposal: Appointment | None = None
    agreed: Appointment | None = None
    report: Report | None = None
    ratings: SeenRatings | None = None
    rating: Rating | None = None
    no_shows: tuple[NoShow, ...] = ()
    objection: Objection | None = None
    unread: int = 0
    escalation: Escalation | None = None
    diagnosis_minor: int = 0
    fee_minor: int = 0
    extra: Extra | None = None
    extras: tuple[Extra, ...] = ()
    tip: Tip | None = None
    # What the customer has yet to pay on site, in minor units, and whether they have.
    due_minor: int = 0
    # What of the price the customer pays in the end, where somebody else bears a part of it.
    collect_minor: int | None = None
    is_paid_on_site: bool = False

    @property
    def travel_mode(self) -> str:
        """How the friend goes to the customer."""
        return self.offer.friend.travel_mode

    @property
    def is_mine(self) -> bool:
        """Say whether the friend has the job, or had it until they handed it over."""
        return bool(self.order_state)


def job_for_friend(*, job_id: UUID, friend_id: UUID) -> FriendJob:
    """Return a job as the friend may see it (2 queries, and at most 4 in the tenant once it is theirs).

    Run on the platform. Raises OfferNotYours where they were never offered it.
    """
    offer = offer_with_job(job_id, friend_id)
    if offer is None:
        raise OfferNotYours
    tenant = tenant_by_id(offer.job.tenant_id)
    exchanges = tuple(exchanges_in(offer.job.questions.all(), friend_id=friend_id))
    if offer.state != OfferState.ACCEPTED or offer.job.friend_id != friend_id:
        show_promise(offer)
        times = times_of(offer) if offer.state == OfferState.COUNTERED else ()
        return FriendJob(
            offer,
            offer.job,
            tenant,
            brand_of(offer, tenant),
            offer.job.brief,
            exchanges,
            tuple(times),
            diagnosis_minor=diagnosis_fee(offer.job),
        )
    diagnosis_minor = diagnosis_fee(offer.job) or owed_for_diagnosis(offer.job)
    with tenant_context(tenant):
        order, unread = order_with_unread(offer.job.order_id, side=Side.FRIEND)
        escalation = getattr(order, "escalation", None)
        if order.job_id != offer.job.pk:
            # The order goes on with another job: with a pro's, or, after this one had ended, with anybody's.
            is_handed_over = escalation is not None and escalation.friend_id == friend_id
            return FriendJob(
                offer,
                offer.job,
                tenant,
                brand=Brand(tenant.name, tenant.brand_colour),
                brief=offer.job.brief,
                contact=None if is_handed_over else _contact(order),
                order_state=HANDED_OVER if is_handed_over else OrderState.CANCELLED,
                escalation=escalation,
                diagnosis_minor=diagnosis_minor,
            )
        ratings, objection = _ratings(order, tenant), open_objection(order)
        return FriendJob(
            offer,
            offer.job,
            tenant,
            brand=Brand(tenant.name, tenant.brand_colour),
            brief=offer.job.brief if order.state == OrderState.CANCELLED else brief_of(order),
            escalation=escalation,
            diagnosis_minor=diagnosis_minor,
            exchanges=exchanges,
            contact=_contact(order),
            order_state=order.state,
            contact_due_at=order.contact_due_at,
            proposal=open_proposal(order),
            agreed=agreed_appointment(order),
            report=getattr(order, "report", None),
            ratings=ratings,
            # What is public is shown to the friend as well.
            rating=rating_of_job(offer.job.pk) if ratings.other else None,
            no_shows=no_shows(order),
            objection=objection,
            due_minor=0 if objection else due_on_site(order),
            collect_minor=order.due_minor if order.covered_minor and order.state != OrderState.CANCELLED else None,
            is_paid_on_site=is_paid_on_site(order),
            fee_minor=split_of_fee(order).friend_minor,
            unread=unread,
            extra=open_extra(order),
            extras=tuple(
                one for one in order.extras.all() if one.friend_id == friend_id and one.state != ExtraState.PROPOSED
            ),
            tip=tip if (tip := given_tip(order)) and tip.friend_id == friend_id else None,
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


def _ratings(order: Order, tenant: Tenant) -> SeenRatings:
    seen = seen_by(order, Side.FRIEND, now=now())
    return replace(seen, may_rate=seen.may_rate and has_feature(tenant, Feature.REVIEWS))


def _contact(order: Order) -> Contact:
    return Contact(
        name=order.name,
        company=order.company,
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
