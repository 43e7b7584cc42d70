"""Notices about work that is not done, as its customer says: to the friend, the managers and the customer (R16)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from journeys.topics import ToCustomer, ToFriend, ToManagers
from notices.order.facts import refund_words
from notices.order.friends import About, customer_facts, friend_notice
from notices.order.managers import manager_notice, order_facts
from notices.order.to_customer import customer_notice, while_in
from notifications.mail import Mail
from orders.models import Appointment, Objection, Order
from orders.selectors import open_objection
from orders.states import ObjectionOutcome, OrderState
from outbox.services import Handler
from tenants.models import Tenant


def _is_open(order: Order, appointment: Appointment | None, reference: Mapping[str, Any]) -> bool:
    return open_objection(order) is not None


def _last(order: Order | None) -> Objection | None:
    """Return the case that a notice is about: the one that was opened last."""
    return list(order.objections.all())[-1] if order is not None and order.objections.all() else None


def _answer(order: Order | None) -> str:
    objection = _last(order)
    return objection.answer if objection else ""


def _rest_done(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("Is it done now? (order %(number)s)") % {"number": order.number},
        heading=_("%(friend)s has done the rest") % {"friend": order.friend_name},
        paragraphs=[
            _("please confirm that your order is done now, or say what is still missing."),
            _("Without an answer, it counts as confirmed after three days."),
        ],
        button=_("Answer"),
        url=url,
        facts=[(_("What was done"), _answer(order))],
    )


def _sent_back_to_customer(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("%(friend)s comes back (order %(number)s)") % {"friend": order.friend_name, "number": order.number},
        heading=_("%(friend)s comes back") % {"friend": order.friend_name},
        paragraphs=[
            _("%(brand)s has asked %(friend)s to do the rest. This costs you nothing.")
            % {"brand": tenant.name, "friend": order.friend_name},
            _("Please agree on a time with each other; on the page of your order you can write to each other."),
        ],
        button=_("See your order"),
        url=url,
        facts=[(_("Message"), _answer(order))],
    )


def _settled_to_customer(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    objection = _last(order)
    has_refund = objection is not None and objection.outcome == ObjectionOutcome.REFUND
    return Mail(
        subject=_("About your order %(number)s") % {"number": order.number},
        heading=_("You get a refund") if has_refund else _("Your order counts as done"),
        paragraphs=[
            _("%(brand)s has looked into it and has closed your order.") % {"brand": tenant.name},
            *refund_words(order),
            _("If you disagree, please reply to this email."),
        ],
        button=_("See your order"),
        url=url,
        facts=[(_("Message"), _answer(order))],
    )


def _not_done(about: About) -> Mail:
    objection = _last(about.order)
    return Mail(
        subject=pgettext("friend", "Not done yet, says your customer: %(package)s in %(town)s") % _what(about),
        heading=pgettext("friend", "Your customer says that the work is not done"),
        paragraphs=[
            pgettext("friend", "Please write or call, and do what is missing. Then say so on the page of the job."),
            pgettext("friend", "Until then the job is not confirmed. The community manager knows and helps."),
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
        facts=[
            (pgettext("friend", "Your customer writes"), objection.words if objection else ""),
            *customer_facts(about)[:2],
        ],
    )


def _sent_back_to_friend(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "Please go back: %(package)s in %(town)s") % _what(about),
        heading=pgettext("friend", "Please do the rest"),
        paragraphs=[
            pgettext("friend", "Agree on a time with your customer. When it is done, say so on the page of the job."),
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
        facts=[(pgettext("friend", "The community manager writes"), _answer(about.order)), *customer_facts(about)[:2]],
    )


def _settled_to_friend(about: About) -> Mail:
    objection = _last(about.order)
    outcome = objection.outcome if objection else ""
    words = {
        ObjectionOutcome.WITHDRAWN: pgettext("friend", "Your customer has confirmed the work after all."),
        ObjectionOutcome.STANDS: pgettext("friend", "The community manager has looked at it: the work counts as done."),
        ObjectionOutcome.REFUND: pgettext(
            "friend", "The community manager has closed the order with a refund. You don't get paid for this job."
        ),
    }.get(ObjectionOutcome(outcome) if outcome else ObjectionOutcome.STANDS, "")
    answer = _answer(about.order)
    return Mail(
        subject=pgettext("friend", "Settled: %(package)s in %(town)s") % _what(about),
        heading=pgettext("friend", "It is settled"),
        paragraphs=[words],
        button=pgettext("friend", "Open the job"),
        url=about.url,
        facts=[(pgettext("friend", "The community manager writes"), answer)] if answer else (),
        short=words,
    )


def _desk(order: Order, tenant: Tenant, url: str) -> Mail:
    objection = _last(order)
    return Mail(
        subject=_("Work not done: order %(number)s") % {"number": order.number},
        heading=_("The customer says that the work is not done"),
        paragraphs=[
            _("%(friend)s knows. Please look into it: send the friend back, or settle it.")
            % {"friend": order.friend_name},
            _("Until then the order is not confirmed, not even after three days."),
        ],
        button=_("Open the order"),
        url=url,
        facts=[(_("Comment from the customer"), objection.words if objection else ""), *order_facts(order)],
    )


def _what(about: About) -> dict[str, str]:
    return {"package": about.package, "town": about.job.town}


def _objects(about: About) -> bool:
    """Say whether the customer of this friend still objects."""
    return about.order is not None and open_objection(about.order) is not None


def _is_settled(about: About) -> bool:
    return about.order is not None and not _objects(about)


NOT_DONE_NOTICES: dict[str, Handler] = {
    ToCustomer.REST_DONE: customer_notice(_rest_done, while_in({OrderState.DONE})),
    ToCustomer.FRIEND_SENT_BACK: customer_notice(_sent_back_to_customer, _is_open),
    ToCustomer.OBJECTION_SETTLED: customer_notice(_settled_to_customer, while_in({OrderState.CONFIRMED})),
    ToFriend.WORK_NOT_DONE: friend_notice(_not_done, holds=_objects),
    ToFriend.SENT_BACK: friend_notice(_sent_back_to_friend, holds=_objects),
    ToFriend.OBJECTION_SETTLED: friend_notice(_settled_to_friend, holds=_is_settled),
    ToManagers.WORK_NOT_DONE: manager_notice(_desk),
}
