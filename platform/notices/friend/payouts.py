"""Mails to friends about their money: ordered, paid, refused, on hold, and where it goes. Informal."""

from collections.abc import Callable
from uuid import UUID

from django.utils.translation import get_language, pgettext

from crowd.models import Friend
from crowd.selectors import friend_by_id
from journeys.links import payouts_url
from journeys.topics import ToFriend
from kernel.money import format_money
from notices.brands import speaking
from notices.channels import FriendNotice, Told
from notifications.kinds import NoticeKind
from notifications.mail import Mail
from outbox.models import Message
from outbox.services import Handler
from payouts.models import Payout
from payouts.selectors import payout_by_id

Facts = list[tuple[str, str]]


def _about_payout(words: Callable[[Payout, str, Facts], Mail]) -> FriendNotice:
    """Return the handler that tells the friend of a payout; ``words`` gets it, its amount and its facts."""

    def prepare(message: Message) -> Told:
        payout = payout_by_id(UUID(message.reference["payout"]))
        friend = friend_by_id(payout.friend_id)
        with speaking(friend.language, friend.country):
            amount = format_money(
                payout.amount_minor, payout.currency, language=friend.language, country=friend.country
            )
            mail = words(payout, amount, _facts(payout, amount))
        return Told(friend, mail)

    return FriendNotice(prepare, NoticeKind.ABOUT_YOU)


def _about_money(words: Callable[[Friend, Message], Mail], kind: NoticeKind | None = NoticeKind.ABOUT_YOU) -> Handler:
    """Return the handler that tells the friend of a message."""

    def prepare(message: Message) -> Told:
        friend = friend_by_id(UUID(message.reference["friend"]))
        with speaking(friend.language, friend.country):
            return Told(friend, words(friend, message))

    return FriendNotice(prepare, kind)


def _facts(payout: Payout, amount: str) -> Facts:
    return [(pgettext("friend", "Payout"), amount), (pgettext("friend", "To the account"), str(payout.goes_to or ""))]


def _ordered(payout: Payout, amount: str, facts: Facts) -> Mail:
    return Mail(
        subject=pgettext("friend", "Your payout of %(amount)s has been ordered") % {"amount": amount},
        heading=pgettext("friend", "We're paying you %(amount)s") % {"amount": amount},
        paragraphs=[
            pgettext(
                "friend", "The transfer usually takes one or two working days. The statement lists each of your jobs."
            )
        ],
        button=pgettext("friend", "See the statement"),
        url=_payouts(),
        facts=facts,
    )


def _confirmed(payout: Payout, amount: str, facts: Facts) -> Mail:
    return Mail(
        subject=pgettext("friend", "%(amount)s have been paid") % {"amount": amount},
        heading=pgettext("friend", "Your money has been transferred"),
        paragraphs=[
            pgettext("friend", "The money is in your Stripe account, which sends it on to your bank. Thank you.")
            if payout.by_transfer
            else pgettext("friend", "Our bank has carried out the transfer. Thank you for your work.")
        ],
        button=pgettext("friend", "See the statement"),
        url=_payouts(),
        facts=facts,
    )


def _refused(payout: Payout, amount: str, facts: Facts) -> Mail:
    if payout.by_transfer:
        return _not_transferred(payout, amount, facts)
    return Mail(
        subject=pgettext("friend", "We couldn't pay you %(amount)s") % {"amount": amount},
        heading=pgettext("friend", "Please check your bank account"),
        paragraphs=[
            pgettext("friend", "The bank refused the transfer: %(reason)s") % {"reason": payout.why},
            pgettext("friend", "The money is still yours. Enter your account again and it will be in the next payout."),
        ],
        button=pgettext("friend", "Check the account"),
        url=_payouts(),
        facts=facts,
    )


def _not_transferred(payout: Payout, amount: str, facts: Facts) -> Mail:
    return Mail(
        subject=pgettext("friend", "We couldn't pay you %(amount)s") % {"amount": amount},
        heading=pgettext("friend", "Your payout didn't reach you"),
        paragraphs=[
            pgettext("friend", "The reason: %(why)s") % {"why": payout.why},
            pgettext("friend", "The money is still yours. Your payouts page says when we pay it."),
        ],
        button=pgettext("friend", "See your payouts"),
        url=_payouts(),
        facts=facts,
    )


def _entered(friend: Friend, message: Message) -> Mail:
    return Mail(
        subject=pgettext("friend", "Your bank account has been changed"),
        heading=pgettext("friend", "We'll pay you to another account"),
        paragraphs=[
            pgettext("friend", "Your payouts will now go to this account: %(account)s")
            % {"account": message.reference["account"]},
            pgettext("friend", "Wasn't that you? Change your password at once, correct the account and write to us."),
        ],
        button=pgettext("friend", "See your bank account"),
        url=_payouts(),
    )


def _stripe_ready(friend: Friend, message: Message) -> Mail:
    return Mail(
        subject=pgettext("friend", "Your Stripe account is ready"),
        heading=pgettext("friend", "We'll pay you to your Stripe account"),
        paragraphs=[
            pgettext("friend", "Your payouts now go to your Stripe account, which sends them on to your bank."),
            pgettext("friend", "Wasn't that you? Change your password at once, correct the account and write to us."),
        ],
        button=pgettext("friend", "See your payouts"),
        url=_payouts(),
    )


def _stripe_stopped(friend: Friend, message: Message) -> Mail:
    return Mail(
        subject=pgettext("friend", "Stripe can't pay you at the moment"),
        heading=pgettext("friend", "Stripe can't pay you at the moment"),
        paragraphs=[
            pgettext("friend", "Stripe needs something from you, or has closed your account there."),
            pgettext("friend", "The money is still yours. Your payouts page says what is missing."),
        ],
        button=pgettext("friend", "See your payouts"),
        url=_payouts(),
    )


def _held(friend: Friend, message: Message) -> Mail:
    return Mail(
        subject=pgettext("friend", "Your payouts are on hold"),
        heading=pgettext("friend", "Your payouts are on hold"),
        paragraphs=[
            pgettext("friend", "The reason: %(why)s") % {"why": message.reference["reason"]},
            pgettext("friend", "The money is still yours. You'll hear from us as soon as we pay again."),
        ],
        button=pgettext("friend", "See your payouts"),
        url=_payouts(),
    )


def _lifted(friend: Friend, message: Message) -> Mail:
    return Mail(
        subject=pgettext("friend", "Your payouts continue"),
        heading=pgettext("friend", "Your payouts continue"),
        paragraphs=[pgettext("friend", "What you are owed will be in the next payout.")],
        button=pgettext("friend", "See your payouts"),
        url=_payouts(),
    )


def _cashless(friend: Friend, message: Message) -> Mail:
    return Mail(
        subject=pgettext("friend", "For now we only offer you jobs that are paid without cash"),
        heading=pgettext("friend", "You have a lot of your customers’ cash"),
        paragraphs=[
            pgettext(
                "friend",
                "You owe more than %(amount)s from cash that customers gave you. We take it off your next payouts.",
            )
            % {"amount": _limit(friend, message)},
            pgettext(
                "friend", "Until then you get jobs that are paid by card or invoice. Each of them brings it down."
            ),
        ],
        button=pgettext("friend", "See your payouts"),
        url=_payouts(),
    )


def _limit_near(friend: Friend, message: Message) -> Mail:
    return Mail(
        subject=pgettext("friend", "You will soon owe too much from cash"),
        heading=pgettext("friend", "You will soon owe too much from cash"),
        paragraphs=[
            pgettext(
                "friend",
                "You owe more than three quarters of %(amount)s from cash that customers gave you. Above %(amount)s we "
                "only offer you jobs that are paid without cash.",
            )
            % {"amount": _limit(friend, message)},
            pgettext("friend", "Jobs paid by card or invoice bring it down."),
        ],
        button=pgettext("friend", "See your payouts"),
        url=_payouts(),
    )


def _cash_again(friend: Friend, message: Message) -> Mail:
    return Mail(
        subject=pgettext("friend", "You can take cash jobs again"),
        heading=pgettext("friend", "You can take cash jobs again"),
        paragraphs=[
            pgettext(
                "friend", "What you owe from cash is no longer above %(amount)s. We offer you every kind of job again."
            )
            % {"amount": _limit(friend, message)}
        ],
        button=pgettext("friend", "See your payouts"),
        url=_payouts(),
    )


def _limit(friend: Friend, message: Message) -> str:
    currency = str(message.reference["currency"])
    minor = int(message.reference["limit"])
    return format_money(minor, currency, language=friend.language, country=friend.country)


def _payouts() -> str:
    return payouts_url(get_language() or "")


PAYOUT_NOTICES: dict[str, Handler] = {
    # A warning comes on every channel, whatever the friend has switched off.
    ToFriend.PAYOUT_ACCOUNT_ENTERED: _about_money(_entered, None),
    ToFriend.STRIPE_ACCOUNT_READY: _about_money(_stripe_ready, None),
    ToFriend.STRIPE_ACCOUNT_STOPPED: _about_money(_stripe_stopped),
    ToFriend.PAYOUT_ORDERED: _about_payout(_ordered),
    ToFriend.PAYOUT_CONFIRMED: _about_payout(_confirmed),
    ToFriend.PAYOUT_REFUSED: _about_payout(_refused),
    ToFriend.PAYOUTS_HELD: _about_money(_held),
    ToFriend.PAYOUTS_LIFTED: _about_money(_lifted),
    ToFriend.CASHLESS_ONLY: _about_money(_cashless),
    ToFriend.CASH_LIMIT_NEAR: _about_money(_limit_near),
    ToFriend.CASH_AGAIN: _about_money(_cash_again),
}
