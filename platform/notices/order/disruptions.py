"""Mails about jobs that do not go as planned: given back, passed on, nobody there, nobody reached (R15, R7, R17).

To customers they are honest and blame nobody; to friends and managers they say what the rules promise.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from billing.methods import is_paid_online
from dispatch.selectors import job_by_id
from dispatch.states import GiveBackReason
from dispatch.working.disruptions import count_give_backs, owed_for_end, owed_if_ended
from dispatch.working.effort import effort_of
from journeys.topics import ToCustomer, ToFriend, ToManagers
from kernel.clock import now
from kernel.money import format_money
from kernel.wording.dates import Place, write_day, write_moment
from kernel.wording.texts import labelled
from notices.order.facts import refund_words
from notices.order.friends import About, friend_notice, has_job
from notices.order.managers import manager_notice, order_facts
from notices.order.to_customer import customer_notice, has_friend, while_in
from notifications.mail import Mail
from orders.cancelling import no_show_fee
from orders.disruptions import COME_BACK_WITHIN
from orders.models import Appointment, Order, OrderEvent
from orders.selectors import (
    agreed_appointment,
    decision_about_fee,
    fee_of_absence,
    no_shows,
    objection_to_fee,
    unreachable_since,
)
from orders.states import FEE_WAIVED, OrderState, Side
from outbox.services import Handler
from tenants.models import Tenant


def _passed_on(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("We are looking for somebody else for your order %(number)s") % {"number": order.number},
        heading=_("We are looking for somebody else for you"),
        paragraphs=[
            _(
                "unfortunately your friend can't carry out the order after all. We are sorry. We are asking other "
                "friends near you and will let you know as soon as one accepts, or if nobody is free."
            ),
            _("We've kept everything you told us. The agreed appointment no longer applies."),
        ],
        button=_("Follow your order"),
        url=url,
        facts=order_facts(order),
    )


def _you_were_absent(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("Nobody was there at the agreed time (order %(number)s)") % {"number": order.number},
        heading=_("%(friend)s reports that nobody was there") % {"friend": order.friend_name},
        paragraphs=[
            _("it may be a misunderstanding. %(brand)s is looking into it and will write to you.")
            % {"brand": tenant.name},
            _("If that's not what happened, tell us on your order page or reply to this email."),
            *_what_it_costs(order),
        ],
        button=_("See your order"),
        url=url,
        facts=_agreed(order),
    )


def _what_it_costs(order: Order) -> list[str]:
    fee = no_show_fee(order).due_minor
    if not fee:
        return []
    return [_("If the order ends because of it, you pay %(fee)s, as agreed at booking.") % {"fee": _owed(order, fee)}]


def _new_date_wanted(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("Please arrange a new appointment (order %(number)s)") % {"number": order.number},
        heading=_("Please arrange a new appointment"),
        paragraphs=[
            _("%(friend)s still has your order. The earlier appointment no longer applies; please propose a new one.")
            % {"friend": order.friend_name}
        ],
        button=_("Propose an appointment"),
        url=url,
    )


def _ended_absent(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("Your order %(number)s has ended") % {"number": order.number},
        heading=_("Your order has ended"),
        paragraphs=[
            _absent_costs(order, tenant),
            *refund_words(order),
            _("You are welcome to book again. If you see it differently, object to the fee on your order page.")
            if order.fee_due_minor
            else _("You are welcome to book again. If you see it differently, reply to this email."),
        ],
        button=_("See your order"),
        url=url,
        facts=_agreed(order),
    )


def _absent_costs(order: Order, tenant: Tenant) -> str:
    fee = {"brand": tenant.name, "fee": _owed(order, order.fee_due_minor)}
    if not order.fee_due_minor:
        return (
            _(
                "nobody was there at the agreed time, so %(brand)s has closed the order. You don't pay anything; "
                "%(brand)s pays the friend for the trip."
            )
            % fee
        )
    if is_paid_online(order.payment_method):
        return (
            _(
                "nobody was there at the agreed time, so %(brand)s has closed the order. As agreed at booking this "
                "costs %(fee)s, which stays charged."
            )
            % fee
        )
    return (
        _(
            "nobody was there at the agreed time, so %(brand)s has closed the order. As agreed at booking this costs "
            "%(fee)s. We send an invoice."
        )
        % fee
    )


def _fee_decided(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    decision = decision_about_fee(order)
    assert decision is not None, "the notice tells of it"
    fee = {"fee": _owed(order, fee_of_absence(order))}
    is_waived = decision.kind == FEE_WAIVED
    return Mail(
        subject=_("About the fee for order %(number)s") % {"number": order.number},
        heading=_("You do not pay the fee") if is_waived else _("The fee stands"),
        paragraphs=[
            (_("you need not pay the fee of %(fee)s.") if is_waived else _("the fee of %(fee)s stands.")) % fee,
            decision.detail["words"],
            *(refund_words(order) if is_waived else []),
        ],
        button=_("See your order"),
        url=url,
        facts=[(_("Order number"), order.number or "")],
    )


def _fee_objected(order: Order, tenant: Tenant, url: str) -> Mail:
    said = objection_to_fee(order)
    return Mail(
        subject=_("Objection to a fee: please decide about order %(number)s") % {"number": order.number},
        heading=_("The customer objects to the fee"),
        paragraphs=[
            _(
                "They were charged for not having been there, and see it differently. Please decide: the fee stands, "
                "or it is waived and you pay it."
            )
        ],
        button=_("Open the order"),
        url=url,
        facts=[
            (_("Fee"), _owed(order, order.fee_due_minor)),
            *([(str(Side.CUSTOMER.label), said.detail["words"])] if said else []),
            *order_facts(order),
        ],
    )


def _ended_unreachable(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    since = unreachable_since(order)
    until = write_day((since + COME_BACK_WITHIN).date(), place=Place.UNTIL) if since else ""
    return Mail(
        subject=_("We could not reach you (order %(number)s)") % {"number": order.number},
        heading=_("We could not reach you"),
        paragraphs=[
            _(
                "your friend has tried several times and in several ways to reach you, without success. So the order "
                "has ended. You pay nothing."
            ),
            *refund_words(order),
            _("Do you still need help? One click %(until)s is enough, and %(brand)s resumes it.")
            % {"until": until, "brand": tenant.name},
        ],
        button=_("I am here"),
        url=url,
        facts=order_facts(order),
    )


def _reopened(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    return Mail(
        subject=_("We are looking for a friend again (order %(number)s)") % {"number": order.number},
        heading=_("Good to hear from you"),
        paragraphs=[
            _("friends near you are being asked again. As soon as one accepts, you'll get an email."),
        ],
        button=_("Follow your order"),
        url=url,
        facts=order_facts(order),
    )


def _given_back(order: Order, tenant: Tenant, url: str) -> Mail:
    event = _latest(order, "given_back")
    detail = event.detail if event else {}
    friend_id = detail.get("friend_id", "")
    count = count_give_backs(friend_id, now=now()) if friend_id else 0
    reason = detail.get("why", "")
    facts = [(_("Reason"), str(GiveBackReason(reason).label) if reason in GiveBackReason.values else reason)]
    if detail.get("words"):
        facts.append((_("Comment from the friend"), detail["words"]))
    return Mail(
        subject=_("Job given back: order %(number)s") % {"number": order.number},
        heading=_("%(friend)s has given the job back") % {"friend": detail.get("friend", "")},
        paragraphs=[
            _(
                "Other friends are already being asked, and the customer has been informed. You don't need to do "
                "anything."
            ),
            ngettext(
                "This friend has given back %(count)d job within 90 days.",
                "This friend has given back %(count)d jobs within 90 days.",
                count,
            )
            % {"count": count},
        ],
        button=_("Open the order"),
        url=url,
        facts=[*facts, *order_facts(order)],
    )


def _owed(order: Order, minor: int) -> str:
    return format_money(minor, order.currency, language=order.language, country=order.country)


def _no_show(order: Order, tenant: Tenant, url: str) -> Mail:
    reports = no_shows(order)
    sides = {report.side for report in reports}
    if len(sides) > 1:
        heading = _("Each of the two says that the other was not there")
    elif Side.CUSTOMER in sides:
        heading = _("The customer reports: the friend did not come")
    else:
        heading = _("The friend reports: the customer was not there")
    return Mail(
        subject=_("Missed appointment: order %(number)s") % {"number": order.number},
        heading=heading,
        paragraphs=[_("Please decide: a new appointment, other friends, or the end of the order.")],
        button=_("Open the order"),
        url=url,
        facts=[
            *_agreed(order),
            *((str(Side(report.side).label), report.words) for report in reports),
            *order_facts(order),
        ],
    )


def _unreachable(order: Order, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("Customer not reached: order %(number)s has ended") % {"number": order.number},
        heading=_("The customer could not be reached, so the order has ended"),
        paragraphs=[
            _("The customer has a week to come back with one click; the order then needs your attention."),
        ],
        button=_("Open the order"),
        url=url,
        facts=[*_attempts(order), *order_facts(order)],
    )


def _customer_is_back(order: Order, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("The customer is back: order %(number)s") % {"number": order.number},
        heading=_("The customer is back"),
        paragraphs=[
            _("The customer can be reached again and still wants the work done. One click asks friends again.")
        ],
        button=_("Open the order"),
        url=url,
        facts=[(_("Phone"), order.phone), *order_facts(order)],
    )


def _job_passed_on(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "Passed on: %(package)s in %(town)s")
        % {"package": about.package, "town": about.job.town},
        heading=pgettext("friend", "The job goes to other friends"),
        paragraphs=[
            pgettext(
                "friend",
                "The community manager has passed this job on. You do not need to do anything any more, and it costs "
                "you nothing.",
            ),
            pgettext("friend", "Would you like to be asked if it comes up again? You can say so on its page."),
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
    )


def _you_were_missed(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "The customer waited for you: %(package)s in %(town)s")
        % {"package": about.package, "town": about.job.town},
        heading=pgettext("friend", "Your customer reports that you did not come"),
        paragraphs=[
            pgettext("friend", "Please call your customer. If you were there, say so on the page of the job."),
            pgettext("friend", "The community manager decides: a new appointment, or other friends."),
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
    )


def _new_date_by_friend(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "Please arrange a new appointment: %(package)s") % {"package": about.package},
        heading=pgettext("friend", "Please arrange a new appointment"),
        paragraphs=[
            pgettext("friend", "The job is still yours. The earlier appointment no longer applies; propose a new one.")
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
    )


def _job_ended(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "The job has ended: %(package)s in %(town)s")
        % {"package": about.package, "town": about.job.town},
        heading=pgettext("friend", "The job has ended, and your effort counts"),
        paragraphs=[
            pgettext("friend", "Under the rules you get %(amount)s for it. You don't need to do anything.")
            % {"amount": about.money(owed_for_end(about.job))}
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
    )


def _agreed(order: Order) -> list[tuple[str, str]]:
    agreed = agreed_appointment(order)
    return [(_("Confirmed appointment"), write_moment(agreed.starts_at))] if agreed else []


def _attempts(order: Order) -> list[tuple[str, str]]:
    job = job_by_id(order.placed_job_id)
    lines = [
        labelled(write_moment(attempt.at, "short_moment"), attempt.get_channel_display())
        for attempt in effort_of(job).attempts
    ]
    amount = format_money(owed_if_ended(job), job.currency, language=order.language, country=job.country)
    return [(_("Attempts"), "\n".join(lines)), (_("The friend gets"), amount)]


def _latest(order: Order, kind: str) -> OrderEvent | None:
    return next((event for event in reversed(list(order.events.all())) if event.kind == kind), None)


DISRUPTION_NOTICES: dict[str, Handler] = {
    ToCustomer.ORDER_PASSED_ON: customer_notice(_passed_on, while_in({OrderState.SEARCHING, OrderState.UNFILLED})),
    ToCustomer.YOU_WERE_ABSENT: customer_notice(_you_were_absent, while_in({OrderState.SCHEDULED})),
    ToCustomer.NEW_DATE_WANTED: customer_notice(_new_date_wanted, has_friend),
    ToCustomer.ORDER_ENDED_ABSENT: customer_notice(_ended_absent, while_in({OrderState.CANCELLED})),
    ToCustomer.FEE_DECIDED: customer_notice(_fee_decided),
    ToManagers.FEE_OBJECTED: manager_notice(_fee_objected),
    ToCustomer.ORDER_ENDED_UNREACHABLE: customer_notice(_ended_unreachable, while_in({OrderState.CANCELLED})),
    ToCustomer.ORDER_REOPENED: customer_notice(_reopened, while_in({OrderState.SEARCHING})),
    ToManagers.JOB_GIVEN_BACK: manager_notice(_given_back),
    ToManagers.NO_SHOW: manager_notice(_no_show),
    ToManagers.UNREACHABLE: manager_notice(_unreachable),
    ToManagers.CUSTOMER_IS_BACK: manager_notice(_customer_is_back),
    ToFriend.JOB_PASSED_ON: friend_notice(_job_passed_on),
    ToFriend.YOU_WERE_MISSED: friend_notice(_you_were_missed, holds=has_job),
    ToFriend.NEW_DATE_WANTED: friend_notice(_new_date_by_friend, holds=has_job),
    ToFriend.JOB_ENDED: friend_notice(_job_ended),
}
