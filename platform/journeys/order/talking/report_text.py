"""Somebody reports a text with contact data in it that no rule has found; it comes to the managers' desk (R18)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dispatch.errors import OfferNotYours
from dispatch.selectors import offer_of
from journeys.posting import tell_managers
from journeys.topics import ToManagers
from orders.models import Order
from orders.services.texts import report_text
from orders.states import Side
from tenants.context import tenant_context
from tenants.selectors import tenant_by_id


@transaction.atomic
def report_text_as_friend(*, job_id: UUID, friend_id: UUID, words: str, now: datetime) -> None:
    """Let a friend whom the job was offered to report a text of the customer. Run on the platform.

    Raises OfferNotYours or ReasonMissing.
    """
    offer = offer_of(job_id, friend_id)
    if offer is None:
        raise OfferNotYours
    with tenant_context(tenant_by_id(offer.job.tenant_id)):
        _report(offer.job.order_id, offer.job.tenant_id, Side.FRIEND, words, now)


@transaction.atomic
def report_text_as_customer(*, order: Order, tenant_id: int, words: str, now: datetime) -> None:
    """Let the customer report a question of a friend. Run inside the tenant.

    Raises ReasonMissing.
    """
    _report(order.uuid, tenant_id, Side.CUSTOMER, words, now)


def _report(order_uuid: UUID, tenant_id: int, side: str, words: str, now: datetime) -> None:
    report_text(order_uuid=order_uuid, side=side, words=words, now=now)
    tell_managers(ToManagers.TEXT_REPORTED, tenant_id=tenant_id, order_uuid=order_uuid, now=now, once=now.isoformat())
