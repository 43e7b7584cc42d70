"""Mails to community managers: what waits on their desk."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from accounts.selectors import managers
from journeys.links import desk_url
from journeys.notices.brands import inside, partner_sender, speaking
from kernel.dates import write_moment
from kernel.texts import pick
from notifications.mail import Mail, send_mail
from orders.models import Order
from orders.selectors import order_by_uuid
from outbox.models import Message
from tenants.models import Tenant

Words = Callable[[Order, Tenant, str], Mail]


def _notice(words: Words) -> Callable[[Message], None]:
    """Return a handler that sends the words to all managers of the partner, each in their language."""

    def deliver(message: Message) -> None:
        with inside(message.tenant_id) as tenant:
            order = order_by_uuid(message.reference["order"])
            url = desk_url(tenant, order.pk)
            for manager in managers():
                with speaking(manager.language):
                    send_mail(
                        mail=words(order, tenant, url),
                        sender=partner_sender(tenant),
                        recipient=manager.email,
                        language=manager.language,
                        key=message.key,
                    )

    return deliver


def _unfilled(order: Order, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("Nobody found for order %(number)s") % {"number": order.number},
        heading=_("Nobody found for order %(number)s") % {"number": order.number},
        paragraphs=[
            _("All waves are over and nobody has accepted. The customer knows. You can ask again or cancel the order.")
        ],
        button=_("Open the order"),
        url=url,
        facts=_facts(order),
    )


def _overdue(order: Order, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("No contact yet for order %(number)s") % {"number": order.number},
        heading=_("%(friend)s has not made contact in time") % {"friend": order.friend_name},
        paragraphs=[
            _("The customer should have heard from the friend by %(moment)s. Please look into it.")
            % {"moment": write_moment(order.contact_due_at) if order.contact_due_at else ""}
        ],
        button=_("Open the order"),
        url=url,
        facts=_facts(order),
    )


def _facts(order: Order) -> list[tuple[str, str]]:
    return [
        (_("Order number"), order.number or ""),
        (_("Package"), pick(order.package_name, order.language)),
        (_("Place"), f"{order.postal_code} {order.town}"),
    ]


MANAGER_NOTICES = {"desk_unfilled": _notice(_unfilled), "desk_overdue": _notice(_overdue)}
