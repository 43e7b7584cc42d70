"""What customers are told of a payment that is awaited, missing, or goes back."""

from django.utils.translation import gettext as _

from billing.methods import is_paid_online
from journeys.topics import ToCustomer
from kernel.wording.texts import pick
from notices.order.facts import facts_of
from notices.order.to_customer import customer_notice, while_in
from notifications.mail import Mail
from orders.models import Appointment, Order
from orders.states import OrderState
from outbox.services import Handler
from tenants.models import Tenant


def _payment_pending(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("Your bank is confirming your payment (order %(number)s)") % {"number": order.number},
        heading=_("Your bank is confirming your payment"),
        paragraphs=[
            _(
                "thank you for your order. Your bank is confirming the payment, which usually takes up to five working "
                "days. As soon as it has done so, we ask friends near you and you hear from us."
            )
        ],
        button=_("See your order"),
        url=url,
        facts=facts_of(order),
    )


def _not_paid(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("Your order %(number)s was not paid") % {"number": order.number},
        heading=_("Your order was not paid"),
        paragraphs=[
            _("we have closed your order, because no payment has arrived. Nothing has been charged."),
            _("If you still need help, you are welcome to book again."),
        ],
        button=_("See your order"),
        url=url,
        facts=[(_("Package"), pick(order.package_name, order.language))],
    )


def _card_replaced(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("You now pay by invoice (order %(number)s)") % {"number": order.number},
        heading=_("You now pay by invoice"),
        paragraphs=[
            _(
                "your payment goes back to you in full. You pay for your order by invoice, after the work is done. "
                "Depending on your bank, the refund takes five to ten days."
            )
        ],
        button=_("See your order"),
        url=url,
        facts=facts_of(order),
    )


def _payment_returned(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("We are refunding your payment (order %(number)s)") % {"number": order.number},
        heading=_("We are refunding your payment"),
        paragraphs=[_late_because(order)],
        button=_("See your order"),
        url=url,
        facts=[(_("Package"), pick(order.package_name, order.language))],
    )


def _wrong_payment_returned(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("We are refunding your payment (order %(number)s)") % {"number": order.number},
        heading=_("We are refunding your payment"),
        paragraphs=[
            _(
                "something went wrong with your payment. We are sorry. We are sending it back in full; depending on "
                "your bank, this takes five to ten days."
            ),
            _("If you still need help, you are welcome to book again."),
        ],
        button=_("See your order"),
        url=url,
        facts=[(_("Package"), pick(order.package_name, order.language))],
    )


def _late_because(order: Order) -> str:
    is_done = order.state in {OrderState.DONE, OrderState.CONFIRMED}
    if is_done or (order.state != OrderState.CANCELLED and is_paid_online(order.payment_method)):
        return _(
            "your payment reached us when nothing was left to pay for. We are sending it back in full. Depending on "
            "your bank, this takes five to ten days."
        )
    return _(
        "your payment reached us after the order was cancelled or you had chosen another way to pay. We are sending "
        "it back in full. Depending on your bank, this takes five to ten days."
    )


PAYMENT_NOTICES: dict[str, Handler] = {
    ToCustomer.PAYMENT_PENDING: customer_notice(_payment_pending, while_in({OrderState.PAYING})),
    ToCustomer.ORDER_NOT_PAID: customer_notice(_not_paid, while_in({OrderState.CANCELLED})),
    ToCustomer.CARD_REPLACED: customer_notice(_card_replaced),
    ToCustomer.PAYMENT_RETURNED: customer_notice(_payment_returned),
    ToCustomer.WRONG_PAYMENT_RETURNED: customer_notice(_wrong_payment_returned),
}
