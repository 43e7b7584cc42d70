"""What is told about extra work: the question, what was agreed to, and the answer."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from journeys.topics import ToCustomer, ToFriend
from kernel.money import format_money
from kernel.wording.texts import pick
from notices.order.facts import refund_words
from notices.order.friends import About, friend_notice
from notices.order.to_customer import customer_notice
from notifications.mail import Mail
from orders.models import Appointment, Extra, Order
from orders.selectors import agreed_extras, open_extra
from orders.states import ExtraState
from outbox.services import Handler
from tenants.models import Tenant


def _proposed(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    extra = open_extra(order)
    assert extra is not None, "the notice holds only while it is open"
    return Mail(
        subject=_("%(friend)s proposes a new price for order %(number)s")
        % {"friend": order.friend_name, "number": order.number},
        heading=_("Do you agree to a new price?"),
        paragraphs=[
            (
                _("%(friend)s could do more than you booked. Nothing changes unless you say yes.")
                if extra.change_minor > 0
                else _("%(friend)s proposes that you pay less than booked. Nothing changes unless you say yes.")
            )
            % {"friend": order.friend_name}
        ],
        button=_("Answer the question"),
        url=url,
        facts=_facts(order, extra),
    )


def _accepted(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    extra = agreed_extras(order)[-1]
    return Mail(
        subject=_("New price of your order %(number)s") % {"number": order.number},
        heading=_("You have agreed to a new price"),
        paragraphs=[
            _("thank you. Your order now costs %(price)s; please keep this email.")
            % {"price": _money(order, extra.price_after_minor)},
            *refund_words(order),
        ],
        button=_("Follow your order"),
        url=url,
        facts=_facts(order, extra),
    )


def _said_yes(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "Yes to the extra work: %(package)s in %(town)s") % _what(about),
        heading=pgettext("friend", "The customer has said yes"),
        paragraphs=[pgettext("friend", "You can begin. Your part is reckoned with the new price.")],
        button=pgettext("friend", "Open the job"),
        url=about.url,
        facts=[(pgettext("friend", "You get"), about.money(about.job.friend_minor))],
    )


def _said_no(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "No to the extra work: %(package)s in %(town)s") % _what(about),
        heading=pgettext("friend", "The customer has said no"),
        paragraphs=[pgettext("friend", "The job goes on as booked, at the price so far.")],
        button=pgettext("friend", "Open the job"),
        url=about.url,
        facts=[(pgettext("friend", "You get"), about.money(about.job.friend_minor))],
    )


def _still_open(order: Order, appointment: Appointment | None, reference: Mapping[str, Any]) -> bool:
    extra = open_extra(order)
    return extra is not None and str(extra.pk) == reference["extra"]


def _agreed(order: Order, appointment: Appointment | None, reference: Mapping[str, Any]) -> bool:
    return any(str(one.pk) == reference["extra"] and one.state == ExtraState.ACCEPTED for one in order.extras.all())


def _facts(order: Order, extra: Extra) -> list[tuple[str, str]]:
    package = pick(extra.package_name, order.language)
    minutes = ngettext("%(minutes)s minute", "%(minutes)s minutes", extra.minutes) % {"minutes": extra.minutes}
    sign = "+ " if extra.change_minor > 0 else ""
    return [
        (_("What it is about"), "\n".join(filter(None, [package, extra.words]))),
        *([(_("Longer by about"), minutes)] if extra.minutes else []),
        (_("Price so far"), _money(order, extra.price_before_minor)),
        (_("Difference"), f"{sign}{_money(order, extra.change_minor)}"),
        (_("New final price"), _money(order, extra.price_after_minor)),
        *([(_("You pay"), _money(order, order.own_part_of(extra.price_after_minor)))] if order.covered_minor else []),
        (_("Order number"), order.number or ""),
    ]


def _money(order: Order, minor: int) -> str:
    return format_money(minor, order.currency, language=order.language, country=order.country)


def _what(about: About) -> dict[str, str]:
    return {"package": about.package, "town": about.job.town}


EXTRA_NOTICES: dict[str, Handler] = {
    ToCustomer.EXTRA_PROPOSED: customer_notice(_proposed, _still_open),
    ToCustomer.EXTRA_ACCEPTED: customer_notice(_accepted, _agreed),
    ToFriend.EXTRA_ACCEPTED: friend_notice(_said_yes),
    ToFriend.EXTRA_DECLINED: friend_notice(_said_no),
}
