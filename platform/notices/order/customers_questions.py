"""Mails to customers while friends decide: a question has arrived, a friend proposes other times (R18)."""

from collections.abc import Callable
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.order.finding.accept_other_times import Proposal, proposals_of_order
from journeys.order.talking.ask_customer import Exchange, exchanges_of_order, is_last_open
from journeys.topics import ToCustomer
from kernel.clock import now
from kernel.hiding.masking import show_hidden
from kernel.wording.dates import write_moment
from notices.brands import inside
from notices.order.to_customer import Words, customer_notice
from notifications.mail import Mail
from orders.models import Appointment, Order
from orders.selectors import order_by_uuid
from outbox.models import Message
from outbox.services import Handler
from tenants.models import Tenant


def _question(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    waiting = [exchange for exchange in exchanges_of_order(order) if exchange.answered_at is None]
    return Mail(
        subject=_("A question about your order %(number)s") % {"number": order.number},
        heading=_("A friend has a question"),
        paragraphs=[
            _(
                "a friend near you would like to know something before deciding. Please answer soon; all friends who "
                "are asked see your answer, and nobody sees your name or phone number."
            ),
        ],
        button=_("Answer the question"),
        url=url,
        facts=[(_("Question"), words_of_question(exchange)) for exchange in waiting],
    )


def _proposals(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    found = proposals_of_order(order, now=now())
    return Mail(
        subject=_("Other times for your order %(number)s") % {"number": order.number},
        heading=ngettext("A friend proposes other times", "Friends propose other times", len(found)),
        paragraphs=[
            _(
                "if one of these times suits you, choose it and the appointment is confirmed. Until then someone else "
                "may still accept one of your preferred times."
            ),
        ],
        button=_("Choose a time"),
        url=url,
        facts=_facts(found),
    )


def _only_proposals(order: Order, tenant: Tenant, url: str, appointment: Appointment | None) -> Mail:
    found = proposals_of_order(order, now=now())
    return Mail(
        subject=_("Please choose a time for your order %(number)s") % {"number": order.number},
        heading=_("Nobody is available at your preferred times"),
        paragraphs=[
            _(
                "we have asked everyone suitable near you. Nobody can come at your preferred times, but there are "
                "other times. Please choose one, or tell us that none suits you."
            ),
        ],
        button=_("Choose a time"),
        url=url,
        facts=_facts(found),
    )


def words_of_question(exchange: Exchange) -> str:
    """Return what was asked, in the language of the moment."""
    return "\n".join(filter(None, [exchange.ready_words, show_hidden(exchange.words)]))


def _facts(found: list[Proposal]) -> list[tuple[str, str]]:
    return [(one.description, "\n".join(write_moment(time.starts_at) for time in one.times)) for one in found]


def _with_the_last(deliver: Callable[[Message], None]) -> Callable[[Message], None]:
    """Let one mail tell of all questions that wait: that of the last one. Where all are answered, there is none."""

    def guarded(message: Message) -> None:
        if is_last_open(UUID(message.reference["question"])):
            deliver(message)

    return guarded


def _while_open(words: Words) -> Callable[[Message], None]:
    """Keep the mail back where no other times are on offer any more."""
    deliver = customer_notice(words)

    def guarded(message: Message) -> None:
        with inside(message.tenant_id):
            has_some = bool(proposals_of_order(order_by_uuid(message.reference["order"]), now=now()))
        if has_some:
            deliver(message)

    return guarded


CUSTOMER_QUESTION_NOTICES: dict[str, Handler] = {
    ToCustomer.QUESTION_ARRIVED: _with_the_last(customer_notice(_question)),
    ToCustomer.TIMES_PROPOSED: _while_open(_proposals),
    ToCustomer.ONLY_OTHER_TIMES: _while_open(_only_proposals),
}
