"""Somebody has written: a mail to the customer, a notice to the friend. One tells of all that is unread."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crowd.selectors import friend_by_id
from dispatch.selectors import job_by_id
from journeys.links import job_thread_url, thread_url
from journeys.topics import ToCustomer, ToFriend
from kernel.wording.dates import write_moment
from kernel.wording.texts import pick
from notices.brands import inside, speaking
from notices.channels import FriendNotice, Told
from notices.order.to_customer import customer_notice
from notifications.kinds import NoticeKind
from notifications.mail import Mail
from orders.models import Appointment, Order, ThreadMessage
from orders.selectors import order_by_uuid
from orders.states import Side
from orders.thread import unread_by
from outbox.models import Message
from outbox.services import Handler
from places.countries import country_by_code
from tenants.models import Tenant


def _is_last_unread(order: Order, appointment: Appointment | None, reference: Mapping[str, Any]) -> bool:
    return _last(unread_by(order, Side.CUSTOMER)) == reference["message"]


def _last(unread: Iterable[ThreadMessage]) -> int | None:
    found = list(unread)
    return found[-1].pk if found else None


def _to_customer(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("%(friend)s has written to you (order %(number)s)")
        % {"friend": order.friend_name, "number": order.number},
        heading=_("%(friend)s has written to you") % {"friend": order.friend_name},
        paragraphs=[_("you can answer on this page, with a photo if it helps:")],
        button=_("Read and answer"),
        url=thread_url(tenant, order.uuid, order.language),
        facts=_written(unread_by(order, Side.CUSTOMER), _("A photo")),
    )


def _told_friend(message: Message) -> Told | None:
    friend, job = friend_by_id(UUID(message.reference["friend"])), job_by_id(UUID(message.reference["job"]))
    if job.friend_id != friend.pk:
        return None
    with speaking(friend.language):
        with inside(job.tenant_id), timezone.override(country_by_code(job.country).time_zone):
            order = order_by_uuid(job.order_id)
            unread = list(unread_by(order, Side.FRIEND)) if order.friend_id == friend.pk else []
            facts = _written(unread, pgettext("friend", "A photo"))
        # What goes on a locked screen names no customer and says nothing of theirs.
        mail = Mail(
            subject=pgettext("friend", "Your customer has written: %(package)s in %(town)s")
            % {"package": pick(job.package_name, friend.language), "town": job.town},
            heading=pgettext("friend", "%(name)s has written to you") % {"name": order.name},
            paragraphs=[],
            button=pgettext("friend", "Read and answer"),
            url=job_thread_url(job.pk, friend.language),
            facts=facts,
        )
    return Told(friend, mail) if _last(unread) == message.reference["message"] else None


def _written(messages: Iterable[ThreadMessage], photo: str) -> list[tuple[str, str]]:
    return [(write_moment(one.written_at), one.words or photo) for one in messages]


THREAD_NOTICES: dict[str, Handler] = {
    ToCustomer.MESSAGE_ARRIVED: customer_notice(_to_customer, _is_last_unread),
    ToFriend.MESSAGE_ARRIVED: FriendNotice(_told_friend, NoticeKind.JOBS),
}
