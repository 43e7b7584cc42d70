"""Mails about an escalation from friend to pro: the question, its answer, and what waits on the manager's desk."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.methods import is_paid_online
from dispatch.working.escalations import owed_for_diagnosis
from journeys.order.working.escalate_to_pro import ANSWER_WITHIN
from journeys.topics import ToCustomer, ToFriend, ToManagers
from kernel.money import format_money
from kernel.wording.dates import Place, write_moment
from kernel.wording.texts import pick
from notices.order.facts import refund_words
from notices.order.friends import About, friend_notice
from notices.order.managers import manager_notice
from notices.order.to_customer import customer_notice, while_in
from notifications.mail import Mail
from orders.models import Appointment, Order
from orders.states import OrderState
from outbox.services import Handler
from tenants.models import Tenant


def _pro_proposed(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    asked = order.escalation
    return Mail(
        subject=_("Can we send a pro? (order %(number)s)") % {"number": order.number},
        heading=_("Can we send a pro?"),
        paragraphs=[
            _(
                "%(friend)s has found that more is needed than you booked. With your agreement a pro can take over at "
                "a new final price."
            )
            % {"friend": order.friend_name},
            (
                _(
                    "If you say no, or do not answer %(by)s, your order ends here. You then pay %(fee)s for the "
                    "diagnosis, and the rest goes back to you."
                )
                if is_paid_online(order.payment_method)
                else _(
                    "If you say no, or do not answer %(by)s, your order ends here. You then pay %(fee)s for the "
                    "diagnosis, by invoice, and nothing else."
                )
            )
            % {
                "by": write_moment(asked.created_at + ANSWER_WITHIN, place=Place.BY),
                "fee": _money(order, order.own_part_of(asked.diagnosis_minor)),
            },
        ],
        button=_("Answer the question"),
        url=url,
        facts=[
            (_("What was found"), asked.diagnosis),
            (_("Price so far"), _money(order, asked.price_before_minor)),
            (_("Difference"), f"+ {_money(order, asked.difference_minor)}"),
            (_("New final price with a pro"), _money(order, asked.price_after_minor)),
            *_photos(asked.photos.count()),
        ],
    )


def _pro_approved(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("We are asking pros for your order %(number)s") % {"number": order.number},
        heading=_("A pro takes over"),
        paragraphs=[
            _("thank you for your answer. We are asking pros near you; as soon as one accepts, you'll hear from us."),
            _("You pay the new final price of %(price)s, and nothing else.")
            % {"price": _money(order, order.own_part_of(order.escalation.price_after_minor))},
        ],
        button=_("Follow your order"),
        url=url,
        facts=_facts(order),
    )


def _pro_declined(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("Your order %(number)s ended with the diagnosis") % {"number": order.number},
        heading=_("Your order ended with the diagnosis"),
        paragraphs=[
            (
                _("no pro will come. You pay %(fee)s for the diagnosis, and nothing else.")
                if is_paid_online(order.payment_method)
                else _("no pro will come. You pay %(fee)s for the diagnosis, by invoice, and nothing else.")
            )
            % {"fee": _money(order, order.own_part_of(order.escalation.diagnosis_minor))},
            *refund_words(order),
            _("Please confirm it. If we don't hear from you, it counts as confirmed after three days."),
        ],
        button=_("See your order"),
        url=url,
        facts=[(_("What was found"), order.escalation.diagnosis), *_facts(order)],
    )


def _escalation_approved(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "A pro takes over: %(package)s in %(town)s") % _what(about),
        heading=pgettext("friend", "The customer has said yes"),
        paragraphs=[pgettext("friend", "A pro takes over with your notes. Thank you for your diagnosis.")],
        button=pgettext("friend", "Open the job"),
        url=about.url,
        facts=_fee(about),
    )


def _escalation_declined(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "No pro will come: %(package)s in %(town)s") % _what(about),
        heading=pgettext("friend", "The order ended with your diagnosis"),
        paragraphs=[pgettext("friend", "The customer does not want a pro. You'll get your part for the diagnosis.")],
        button=pgettext("friend", "Open the job"),
        url=about.url,
        facts=_fee(about),
    )


def _desk_lapsed(order: Order, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("No answer about a pro for order %(number)s") % {"number": order.number},
        heading=_("No answer about a pro for order %(number)s") % {"number": order.number},
        paragraphs=[
            _(
                "For 72 hours the customer has not said whether a pro may come. The order ended with the diagnosis. "
                "Please look into it; a call may help."
            )
        ],
        button=_("Open the order"),
        url=url,
        facts=_facts(order),
    )


def _desk_wanted(order: Order, tenant: Tenant, url: str) -> Mail:
    said = [event.detail.get("words", "") for event in order.events.all() if event.kind == "pro_wanted"]
    return Mail(
        subject=_("A pro is needed for order %(number)s") % {"number": order.number},
        heading=_("%(friend)s asks for a pro") % {"friend": order.friend_name},
        paragraphs=[_("No pro can be asked at this place. Please look into it.")],
        button=_("Open the order"),
        url=url,
        facts=[*[(_("Message"), words) for words in said[-1:]], *_facts(order)],
    )


def _money(order: Order, minor: int) -> str:
    return format_money(minor, order.currency, language=order.language, country=order.country)


def _photos(count: int) -> list[tuple[str, str]]:
    return [(_("Photos"), _("%(count)d, on the page of your order") % {"count": count})] if count else []


def _facts(order: Order) -> list[tuple[str, str]]:
    return [(_("Order number"), order.number or ""), (_("Package"), pick(order.package_name, order.language))]


def _what(about: About) -> dict[str, str]:
    return {"package": about.package, "town": about.job.town}


def _fee(about: About) -> list[tuple[str, str]]:
    return [(pgettext("friend", "You get for the diagnosis"), about.money(owed_for_diagnosis(about.job)))]


ESCALATION_NOTICES: dict[str, Handler] = {
    ToCustomer.PRO_PROPOSED: customer_notice(_pro_proposed, while_in({OrderState.ESCALATED})),
    ToCustomer.PRO_APPROVED: customer_notice(_pro_approved, while_in({OrderState.SEARCHING})),
    ToCustomer.PRO_DECLINED: customer_notice(_pro_declined, while_in({OrderState.DONE})),
    ToFriend.ESCALATION_APPROVED: friend_notice(_escalation_approved),
    ToFriend.ESCALATION_DECLINED: friend_notice(_escalation_declined),
    ToManagers.ESCALATION_LAPSED: manager_notice(_desk_lapsed),
    ToManagers.PRO_WANTED: manager_notice(_desk_wanted),
}
