"""What customers are told of their order: placed, friend found, date, done, complete, ended without."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from billing.methods import is_paid_online
from journeys.calendar import calendar_file
from journeys.topics import ToCustomer
from kernel.clock import now
from kernel.money import format_money
from kernel.typed.phones import show_phone
from kernel.wording.dates import Place, write_moment
from kernel.wording.texts import pick
from notices.order.facts import facts_of, refund_words
from notices.order.to_customer import customer_notice, has_friend, is_agreed, is_proposed, while_in
from notifications.mail import Mail, calendar_entry
from orders.models import Appointment, Order, Report
from orders.selectors import open_objection, search_waits_until
from orders.states import OrderState
from outbox.services import Handler
from tenants.models import Feature, Tenant
from tenants.selectors import has_feature


def _placed(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("Your order %(number)s at %(brand)s") % {"number": order.number, "brand": tenant.name},
        heading=_("Thank you for your order"),
        paragraphs=[
            _asked_when(order),
            *_consented(order),
            _("You can check your order, change the appointment or cancel at any time:"),
        ],
        button=_("Follow your order"),
        url=url,
        facts=facts_of(order),
    )


def _consented(order: Order) -> list[str]:
    """Repeat what the customer has ticked about the right of withdrawal, as the law wants it on a durable medium."""
    consent = getattr(order, "early_start", None)
    if consent is None:
        return []
    return [
        _("You declared %(on)s: “%(words)s”")
        % {"on": write_moment(consent.given_at, place=Place.ON), "words": consent.words}
    ]


def _asked_when(order: Order) -> str:
    """Say that friends are being asked, or from when on where these are the partner's quiet hours."""
    waits_until = search_waits_until(order)
    if waits_until is None:
        return _(
            "we are asking friends near you right now. The first to accept takes your order, and we let you know "
            "straight away."
        )
    return _(
        "we have your order. We don't disturb anyone at this hour: %(from_then)s we'll ask friends near you. The first "
        "to accept takes it, and we'll let you know straight away."
    ) % {"from_then": write_moment(waits_until, place=Place.FROM)}


def _friend_found(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("%(friend)s accepts your order %(number)s") % {"friend": order.friend_name, "number": order.number},
        heading=_("%(friend)s has accepted your order") % {"friend": order.friend_name},
        paragraphs=[
            _("%(friend)s will contact you %(by)s at the latest to arrange an appointment with you.")
            % {"friend": order.friend_name, "by": write_moment(order.contact_due_at, place=Place.BY)},
        ],
        button=_("Follow your order"),
        url=url,
        facts=[(_("Your friend"), order.friend_name), (_("Phone"), show_phone(order.friend_phone))],
    )


def _date_proposed(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    facts = [(_("Proposed appointment"), write_moment(appointment.starts_at))] if appointment else []
    if appointment and appointment.note:
        facts.append((_("Message"), appointment.note))
    return Mail(
        subject=_("An appointment for your order %(number)s") % {"number": order.number},
        heading=_("%(friend)s proposes an appointment") % {"friend": order.friend_name},
        paragraphs=[
            _("does this appointment suit you? You can accept it or propose another one."),
        ],
        button=_("Reply to the proposal"),
        url=url,
        facts=facts,
    )


def _date_agreed(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("Your appointment is confirmed (order %(number)s)") % {"number": order.number},
        heading=_("Your appointment is confirmed"),
        paragraphs=[
            _("%(friend)s comes %(on)s. The calendar entry is attached.")
            % {
                "friend": order.friend_name,
                "on": write_moment(appointment.starts_at if appointment else None, place=Place.ON),
            },
        ],
        button=_("Follow your order"),
        url=url,
        facts=[(_("Your friend's phone number"), show_phone(order.friend_phone))],
        attachments=calendar_entry(_calendar(order, tenant, url, appointment)),
    )


def _calendar(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> bytes:
    if appointment is None:
        return b""
    return calendar_file(
        order_uuid=order.uuid,
        title=f"{pick(order.package_name, order.language)} · {tenant.name}",
        where=f"{order.street}, {order.postal_code} {order.town}",
        url=url,
        starts_at=appointment.starts_at,
        minutes=order.minutes,
        now=now(),
    )


def _needs_confirmation(order: Order, appointment: Appointment | None, reference: Mapping[str, Any]) -> bool:
    return order.state == OrderState.DONE and open_objection(order) is None


def _work_done(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    report = getattr(order, "report", None)
    if has_feature(tenant, Feature.REVIEWS):
        button = _("Confirm and rate")
        words = _(
            "%(friend)s has closed your order. Please confirm it and say how it went. If we don't hear from you, it "
            "counts as confirmed after three days."
        )
    else:
        button = _("Confirm")
        words = _(
            "%(friend)s has closed your order. Please confirm it. If we don't hear from you, it counts as confirmed "
            "after three days."
        )
    return Mail(
        subject=_("The work is done (order %(number)s)") % {"number": order.number},
        heading=_("The work is done"),
        paragraphs=[words % {"friend": order.friend_name}],
        button=button,
        url=url,
        facts=_reported(report) if report else (),
    )


def _reported(report: Report) -> list[tuple[str, str]]:
    facts = [(_("What was done"), report.summary)]
    return [*facts, (_("Why it was closed already"), report.why_now)] if report.why_now else facts


def _confirmed(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    if getattr(order, "rating_case", None) is not None:
        return Mail(
            subject=_("Your order %(number)s is complete") % {"number": order.number},
            heading=_("We are sorry that it was not as it should be"),
            paragraphs=[_("thank you for saying so. %(brand)s looks into it and will write to you.")
                        % {"brand": tenant.name}],
            button=_("See your order"),
            url=url,
            facts=facts_of(order),
        )  # fmt: skip
    return Mail(
        subject=_("Your order %(number)s is complete") % {"number": order.number},
        heading=_("Your order is complete"),
        paragraphs=[
            _("thank you for your trust. If anything isn't right, just reply to this email."),
        ],
        button=_("See your order"),
        url=url,
        facts=facts_of(order),
    )


def _unfilled(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("We have not found anybody yet (order %(number)s)") % {"number": order.number},
        heading=_("We have not found anybody yet"),
        paragraphs=[
            _(
                "we have asked everyone suitable near you, but nobody was available. We are sorry. %(brand)s is "
                "looking into it and will write to you. You don't pay anything, and you can cancel at any time."
            )
            % {"brand": tenant.name},
        ],
        button=_("See your order"),
        url=url,
    )


def _given_up(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("Nobody was available for your order %(number)s") % {"number": order.number},
        heading=_("Nobody was available, and your order has been closed"),
        paragraphs=[
            _(
                "we have asked everyone suitable near you, but nobody was available. We are sorry. So that you don't "
                "wait for nothing, we have closed your order. You don't pay anything."
            ),
            *refund_words(order),
            _("If you still need help, you can book again with other times or simply reply to this email."),
        ],
        button=_("See your order"),
        url=url,
        facts=[(_("Package"), pick(order.package_name, order.language))],
    )


def _cancelled(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("Your order %(number)s has been cancelled") % {"number": order.number},
        heading=_("Your order has been cancelled"),
        paragraphs=[_cost_of_cancelling(order), *refund_words(order)],
        button=_("See your order"),
        url=url,
        facts=[(_("Package"), pick(order.package_name, order.language))],
    )


def _cost_of_cancelling(order: Order) -> str:
    if not order.fee_due_minor:
        return _("your order has been closed. You don't pay anything.")
    fee = format_money(order.fee_due_minor, order.currency, language=order.language, country=order.country)
    if is_paid_online(order.payment_method):
        words = _("your order has been closed. As agreed when you booked, cancelling costs %(fee)s. It stays charged.")
    else:
        words = _(
            "your order has been closed. As agreed when you booked, cancelling costs %(fee)s. We send an invoice."
        )
    return words % {"fee": fee}


def _overdue(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("We are looking after your order %(number)s") % {"number": order.number},
        heading=_("We are looking after your order"),
        paragraphs=[
            _(
                "%(friend)s should have contacted you by now. We are sorry that this has not happened yet; "
                "%(brand)s is looking into it."
            )
            % {"friend": order.friend_name, "brand": tenant.name},
        ],
        button=_("See your order"),
        url=url,
    )


CUSTOMER_NOTICES: dict[str, Handler] = {
    ToCustomer.ORDER_PLACED: customer_notice(_placed),
    ToCustomer.FRIEND_FOUND: customer_notice(_friend_found, has_friend),
    ToCustomer.DATE_PROPOSED: customer_notice(_date_proposed, is_proposed),
    ToCustomer.DATE_AGREED: customer_notice(_date_agreed, is_agreed),
    ToCustomer.WORK_DONE: customer_notice(_work_done, _needs_confirmation),
    ToCustomer.ORDER_CONFIRMED: customer_notice(_confirmed, while_in({OrderState.CONFIRMED})),
    ToCustomer.ORDER_UNFILLED: customer_notice(_unfilled, while_in({OrderState.UNFILLED})),
    ToCustomer.ORDER_GIVEN_UP: customer_notice(_given_up, while_in({OrderState.CANCELLED})),
    ToCustomer.ORDER_CANCELLED: customer_notice(_cancelled, while_in({OrderState.CANCELLED})),
    ToCustomer.CONTACT_OVERDUE: customer_notice(_overdue, while_in({OrderState.ACCEPTED})),
}
