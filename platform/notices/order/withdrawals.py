"""What is told about a withdrawal from the contract: the receipt, what waits on the desk, and what was decided."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journeys.topics import ToCustomer, ToFriend, ToManagers
from kernel.money import format_money
from kernel.wording.dates import Place, write_moment
from kernel.wording.texts import pick
from notices.order.facts import refund_words
from notices.order.friends import About, friend_notice
from notices.order.managers import manager_notice, order_facts
from notices.order.to_customer import customer_notice
from notifications.mail import Mail
from orders.models import Appointment, Order
from orders.selectors import withdrawal_of
from orders.states import OrderState
from outbox.services import Handler
from tenants.models import Tenant


def _withdrawal_received(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    if order.state == OrderState.CANCELLED:
        is_free = not order.fee_due_minor
        outcome = _("Your order has ended. You don't pay anything.") if is_free else _("Your order has ended.")
    else:
        outcome = _(
            "This order can no longer be cancelled just like that. %(brand)s is looking into it and will write to you."
        ) % {"brand": tenant.name}
    return Mail(
        subject=_("We have received your withdrawal from order %(number)s") % {"number": order.number},
        heading=_("We have received your withdrawal"),
        paragraphs=[
            _("you have withdrawn from the contract for the order below. Please keep this email: it is your receipt."),
            outcome,
            *refund_words(order),
        ],
        button=_("See your order"),
        url=url,
        facts=[
            (_("Received"), _received(order)),
            (_("Order number"), order.number or ""),
            (_("Package"), pick(order.package_name, order.language)),
            (_("Name"), order.name),
            (_("Email"), order.email),
        ],
    )


def _withdrawn(order: Order, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("Withdrawal: please decide about order %(number)s") % {"number": order.number},
        heading=_("The customer withdraws from the contract"),
        paragraphs=[
            _(
                "Work has already been done for this order, or cancelling it costs something by now, so it has not "
                "been cancelled. Please decide what the customer still owes; they will get it by email. They have a "
                "receipt."
            )
        ],
        button=_("Open the order"),
        url=url,
        facts=[
            (_("Received"), _received(order)),
            (_("Proposed: the customer owes"), _owed(order, order.withdrawal.proposed_minor)),
            *order_facts(order),
        ],
    )


def _withdrawal_decided(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    owed = order.withdrawal.owed_minor or 0
    return Mail(
        subject=_("Your withdrawal from order %(number)s has been settled") % {"number": order.number},
        heading=_("Your withdrawal has been settled"),
        paragraphs=[
            _("for the work that was done by then you owe %(owed)s, and nothing else.") % {"owed": _owed(order, owed)}
            if owed
            else _("you owe nothing for this order."),
            *([order.withdrawal.answer] if order.withdrawal.answer else []),
            *refund_words(order),
        ],
        button=_("See your order"),
        url=url,
        facts=[(_("Order number"), order.number or ""), (_("Package"), pick(order.package_name, order.language))],
    )


def _customer_withdrew(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "Please stop: the customer has withdrawn (%(package)s in %(town)s)")
        % {"package": about.package, "town": about.job.town},
        heading=pgettext("friend", "The customer has withdrawn from the contract"),
        paragraphs=[
            pgettext(
                "friend",
                "Please do not go on with the work. The community manager decides what is owed for what you have "
                "done, and you get your part of it.",
            )
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
    )


def _received(order: Order) -> str:
    """Say when the customer's withdrawal arrived."""
    noted = withdrawal_of(order)
    return write_moment(noted.at, place=Place.ALONE) if noted else ""


def _owed(order: Order, minor: int) -> str:
    return format_money(minor, order.currency, language=order.language, country=order.country)


WITHDRAWAL_NOTICES: dict[str, Handler] = {
    ToCustomer.WITHDRAWAL_RECEIVED: customer_notice(_withdrawal_received),
    ToCustomer.WITHDRAWAL_DECIDED: customer_notice(_withdrawal_decided),
    ToFriend.CUSTOMER_WITHDREW: friend_notice(_customer_withdrew),
    ToManagers.WITHDRAWN: manager_notice(_withdrawn),
}
