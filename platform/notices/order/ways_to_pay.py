"""The customer pays another way than before: to the friend, and to the customer whose money goes back."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.methods import CASH, SITE_CARD
from journeys.links import order_url
from journeys.topics import ToCustomer, ToFriend
from kernel.money import format_money
from kernel.wording.texts import pick
from notices.brands import customer_sender, inside, speaking
from notices.order.friends import About, friend_notice
from notices.order.to_customer import customer_notice, while_in
from notifications.mail import Mail, send_mail
from orders.models import Appointment, Order
from orders.selectors import order_by_uuid
from orders.states import OrderState
from outbox.models import Message
from outbox.services import Handler
from tenants.models import Tenant


def _changed_by_customer(about: About) -> Mail:
    match about.job.payment_method:
        case CASH.code:
            words = pgettext("friend", "The customer now pays you in cash: %(price)s. Please close the job with that.")
        case SITE_CARD.code:
            words = pgettext(
                "friend",
                "The customer now pays by card when the work is done: %(price)s. The job's page shows the code.",
            )
        case _invoice:
            words = pgettext("friend", "The customer now pays by invoice: %(price)s. You do not collect anything.")
    due_minor = about.order.due_minor if about.order else about.job.price_minor
    return Mail(
        subject=pgettext("friend", "The customer pays another way: %(package)s") % {"package": about.package},
        heading=pgettext("friend", "The customer pays another way"),
        paragraphs=[words % {"price": about.money(due_minor)}],
        button=pgettext("friend", "See the job"),
        url=about.url,
    )


def tell_refund(message: Message) -> None:
    """Tell a customer that what they paid by card goes back, since they pay another way."""
    with inside(message.tenant_id) as tenant:
        order = order_by_uuid(message.reference["order"])
        with speaking(order.language, order.country):
            back = format_money(
                int(message.reference["back"]), order.currency, language=order.language, country=order.country
            )
            words = _("we are refunding %(amount)s to your card. Depending on your bank, this takes five to ten days.")
            mail = Mail(
                subject=_("You now pay another way (order %(number)s)") % {"number": order.number},
                heading=_("You now pay another way"),
                paragraphs=[_("Hello %(name)s,") % {"name": order.name}, words % {"amount": back}],
                button=_("See your order"),
                url=order_url(tenant, order.uuid, order.language),
                facts=[(_("Package"), pick(order.package_name, order.language))],
            )
            sender = customer_sender(tenant, country=order.country)
    send_mail(mail=mail, sender=sender, recipient=order.email, language=order.language, key=message.key)


def _times_are_over(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("Please choose new times (order %(number)s)") % {"number": order.number},
        heading=_("Please choose new times"),
        paragraphs=[
            _(
                "your bank has confirmed the payment, thank you. Meanwhile your preferred times have passed. Please "
                "choose new ones; we then ask friends near you at once."
            ),
            _("If you'd rather not, you can cancel the order on its page and get your money back."),
        ],
        button=_("Choose new times"),
        url=url,
        facts=[(_("Package"), pick(order.package_name, order.language))],
    )


WAY_TO_PAY_NOTICES: dict[str, Handler] = {
    ToFriend.WAY_TO_PAY_CHANGED: friend_notice(_changed_by_customer),
    ToCustomer.WAY_TO_PAY_CHANGED: tell_refund,
    ToCustomer.TIMES_ARE_OVER: customer_notice(_times_are_over, while_in({OrderState.UNFILLED})),
}
