"""Mails to customers: formal, in the order's language, with the partner's brand.

Between an occasion and its mail the order goes on. Each mail says what must still be true for it to be of use; where
that is not so any more, it is not sent.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from billing.methods import BY_PARTNER, PaymentState, is_paid_online, method_by_code
from journeys.calendar import calendar_file
from journeys.links import order_url
from journeys.topics import ToCustomer
from kernel.clock import now
from kernel.money import format_money
from kernel.slots import Part
from kernel.typed.phones import show_phone
from kernel.wording.dates import Place, write_day, write_moment
from kernel.wording.texts import pick
from notices.brands import customer_sender, inside, speaking
from notifications.mail import Mail, calendar_entry, send_mail
from orders.models import Appointment, Order, Report
from orders.permits import may_arrange
from orders.selectors import open_objection, order_by_uuid, search_waits_until
from orders.states import AppointmentState, OrderState
from outbox.models import Message
from outbox.services import Handler
from tenants.context import current_tenant
from tenants.models import Feature, Tenant
from tenants.selectors import has_feature

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
        facts=_facts(order),
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
            facts=_facts(order),
        )  # fmt: skip
    return Mail(
        subject=_("Your order %(number)s is complete") % {"number": order.number},
        heading=_("Your order is complete"),
        paragraphs=[
            _("thank you for your trust. If anything isn't right, just reply to this email."),
        ],
        button=_("See your order"),
        url=url,
        facts=_facts(order),
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


def refund_words(order: Order) -> list[str]:
    """Say what goes back to the customer, as a paragraph of its own; nothing where nothing does."""
    payment = order.payment
    if not payment.refund_minor:
        return []
    amount = format_money(payment.refund_minor, payment.currency, language=order.language, country=order.country)
    return [
        _("We are refunding %(amount)s the way you paid. Depending on your bank, this takes five to ten days.")
        % {"amount": amount}
    ]


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
        facts=_facts(order),
    )


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
        facts=_facts(order),
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


def _facts(order: Order) -> list[tuple[str, str]]:
    windows = "\n".join(
        f"{write_day(window.day, 'short_day')}, {Part(window.part).label}" for window in order.windows.all()
    )
    price = format_money(order.price_minor, order.currency, language=order.language, country=order.country)
    return [
        (_("Order number"), order.number or ""),
        (_("Package"), pick(order.package_name, order.language)),
        (_("Price with VAT"), price),
        *covered_facts(order),
        (_("Payment"), payment_words(order)),
        *([(_("Company"), order.company)] if order.company else []),
        (_("Place"), f"{order.street}\n{order.postal_code} {order.town}"),
        (_("Preferred times"), windows),
    ]


def payment_words(order: Order) -> str:
    """Say how the order is paid, and that it is where that is so."""
    method = method_by_code(order.payment_method)
    if method == BY_PARTNER:
        return _paid_by(order)
    is_paid = method.is_by_provider and order.payment.state == PaymentState.PAID
    return str(method.paid if is_paid else method.label)


def covered_facts(order: Order) -> list[tuple[str, str]]:
    """Say what of the price the customer does not pay, and what is left for them; nothing where they pay all of it."""
    if not order.covered_minor:
        return []
    borne, due = (
        format_money(minor, order.currency, language=order.language, country=order.country)
        for minor in (order.borne_minor, order.due_minor)
    )
    what = _("Voucher %(code)s") % {"code": order.voucher_code} if order.voucher_code else _paid_by(order)
    return [(what, f"− {borne}"), (_("You pay"), due)]


def _paid_by(order: Order) -> str:
    if order.voucher_code:
        return _("Paid with the voucher %(code)s") % {"code": order.voucher_code}
    tenant = current_tenant()
    return _("Paid by %(brand)s") % {"brand": tenant.name if tenant else ""}


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
    ToCustomer.PAYMENT_PENDING: customer_notice(_payment_pending, while_in({OrderState.PAYING})),
    ToCustomer.ORDER_NOT_PAID: customer_notice(_not_paid, while_in({OrderState.CANCELLED})),
    ToCustomer.CARD_REPLACED: customer_notice(_card_replaced),
    ToCustomer.PAYMENT_RETURNED: customer_notice(_payment_returned),
    ToCustomer.WRONG_PAYMENT_RETURNED: customer_notice(_wrong_payment_returned),
    ToCustomer.CONTACT_OVERDUE: customer_notice(_overdue, while_in({OrderState.ACCEPTED})),
}
