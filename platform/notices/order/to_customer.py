"""Mails to customers: formal, in the order's language, with the partner's brand.

Between an occasion and its mail the order goes on. Each mail says what must still be true for it to be of use; where
that is not so any more, it is not sent.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from journeys.links import order_url
from notices.brands import customer_sender, inside, speaking
from notifications.mail import Mail, send_mail
from orders.models import Appointment, Order
from orders.permits import may_arrange
from orders.selectors import order_by_uuid
from orders.states import AppointmentState
from outbox.models import Message
from tenants.models import Tenant

Words = Callable[[Order, Tenant, str, Appointment | None], Mail]
# Whether a mail is still of use: by the order, the appointment that it is about, and the message's reference.
Holds = Callable[[Order, Appointment | None, Mapping[str, Any]], bool]


def always(order: Order, appointment: Appointment | None, reference: Mapping[str, Any]) -> bool:
    """Say that what a mail tells has happened, whatever came after."""
    return True


def while_in(states: Collection[str]) -> Holds:
    """Return the condition that the order is in one of the states."""
    return lambda order, appointment, reference: order.state in states


def customer_notice(words: Words, holds: Holds = always) -> Callable[[Message], None]:
    """Return a handler that sends the words to the order's customer as long as they hold."""

    def deliver(message: Message) -> None:
        with inside(message.tenant_id) as tenant:
            order = order_by_uuid(message.reference["order"])
            appointment = _appointment(order, message.reference.get("appointment"))
            if not holds(order, appointment, message.reference):
                return
            with speaking(order.language):
                url = order_url(tenant, order.uuid, order.language)
                mail = _greeted(words(order, tenant, url, appointment), order)
                sender = customer_sender(tenant, country=order.country)
        send_mail(mail=mail, sender=sender, recipient=order.email, language=order.language, key=message.key)

    return deliver


def _greeted(mail: Mail, order: Order) -> Mail:
    """Begin a mail with the customer's name."""
    return replace(mail, paragraphs=[_("Hello %(name)s,") % {"name": order.name}, *mail.paragraphs])


def _appointment(order: Order, appointment_id: int | None) -> Appointment | None:
    return next((one for one in order.appointments.all() if one.pk == appointment_id), None)


def has_friend(order: Order, appointment: Appointment | None, reference: Mapping[str, Any]) -> bool:
    """Say whether the friend that the mail is about still has the order."""
    is_same = reference.get("friend", str(order.friend_id)) == str(order.friend_id)
    return order.friend_id is not None and is_same and may_arrange(order.state)


def is_proposed(order: Order, appointment: Appointment | None, reference: Mapping[str, Any]) -> bool:
    """Say whether the proposed date still waits for an answer."""
    return appointment is not None and appointment.state == AppointmentState.PROPOSED and may_arrange(order.state)


def is_agreed(order: Order, appointment: Appointment | None, reference: Mapping[str, Any]) -> bool:
    """Say whether the agreed date stands."""
    return appointment is not None and appointment.state == AppointmentState.AGREED and may_arrange(order.state)
