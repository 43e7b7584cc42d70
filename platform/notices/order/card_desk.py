"""Mails to the platform's operators about card payments that a person has to look at."""

from uuid import UUID

from django.utils.translation import gettext as _

from journeys.links import card_desk_url
from journeys.topics import ToOperators
from kernel.money import format_money
from kernel.wording.dates import Place, write_moment
from notices.channels import to_operators
from notifications.mail import Mail
from outbox.models import Message
from outbox.services import Handler
from stripe_gateway.models import CardDispute
from stripe_gateway.selectors import dispute_by_id
from stripe_gateway.states import DisputeState


def _opened(message: Message, language: str) -> Mail:
    dispute = _dispute(message)
    facts = [(_("Amount"), _amount(dispute, language))]
    if dispute.due_by:
        facts.append((_("To be answered"), write_moment(dispute.due_by, place=Place.BY)))
    return Mail(
        subject=_("A card payment is disputed"),
        heading=_("A customer disputes a card payment"),
        paragraphs=[
            _(
                "SumUp has taken the money back until the customer's bank decides. You can download the job's record "
                "and submit it to SumUp."
            )
            if dispute.is_charge_back
            else _(
                "The bank keeps the money until the dispute is decided. You can send the job's record as the answer, "
                "once."
            ),
        ],
        button=_("See the online payments"),
        url=card_desk_url(language),
        facts=facts,
    )


def _closed(message: Message, language: str) -> Mail:
    dispute = _dispute(message)
    is_won = dispute.state == DisputeState.WON
    return Mail(
        subject=_("A dispute was won") if is_won else _("A dispute was lost"),
        heading=_("A dispute was won") if is_won else _("A dispute was lost"),
        paragraphs=[
            _("The money has come back.")
            if is_won
            else _(
                "The bank has given the money to the customer. The guarantee bears it; the friend keeps their share."
            )
        ],
        button=_("See the online payments"),
        url=card_desk_url(language),
        facts=[(_("Amount"), _amount(dispute, language))],
    )


def _wrong(message: Message, language: str) -> Mail:
    return Mail(
        subject=_("A payment is not what was asked for"),
        heading=_("A payment is not what was asked for"),
        paragraphs=[_("Amount, currency or reference differ, so the order still waits. Please look at it.")],
        button=_("See the online payments"),
        url=card_desk_url(language),
    )


def _failed(message: Message, language: str) -> Mail:
    return Mail(
        subject=_("A refund has failed"),
        heading=_("A refund has failed"),
        paragraphs=[_("The customer's bank has not taken it. Please try again, or send the money another way.")],
        button=_("See the online payments"),
        url=card_desk_url(language),
    )


def _dispute(message: Message) -> CardDispute:
    return dispute_by_id(UUID(message.reference["dispute"]))


def _amount(dispute: CardDispute, language: str) -> str:
    return format_money(dispute.amount_minor, dispute.currency, language=language)


CARD_DESK_NOTICES: dict[str, Handler] = {
    ToOperators.DISPUTE_OPENED: to_operators(_opened),
    ToOperators.DISPUTE_CLOSED: to_operators(_closed),
    ToOperators.PAYMENT_WRONG: to_operators(_wrong),
    ToOperators.REFUND_FAILED: to_operators(_failed),
}
