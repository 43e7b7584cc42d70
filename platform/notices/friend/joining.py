"""Mails to those who sign up as friends, and to friends about their documents: informal, from the platform."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import pgettext

from accounts.models import User
from accounts.selectors import user_by_uuid
from crowd.models import DocumentCheck, Friend
from crowd.selectors import friend_by_id
from crowd.states import DocumentKind
from journeys.links import friend_password_url, friends_app_url, joining_url, pro_url, welcome_url
from journeys.topics import ToFriend
from kernel.wording.dates import Place, write_day
from notices.brands import platform_sender, speaking
from notifications.mail import Mail, send_mail
from outbox.models import Message
from outbox.services import Handler

P = TypeVar("P")


def _to_user(words: Callable[[User], Mail]) -> Callable[[Message], None]:
    """Return a handler that sends the words to the user of the message, unless they are gone."""

    def deliver(message: Message) -> None:
        user = user_by_uuid(message.reference["user"])
        if user is None:
            return
        _send(words, user, message, recipient=user.email, language=user.language)

    return deliver


def _to_friend(words: Callable[[Friend, Message], Mail]) -> Callable[[Message], None]:
    """Return a handler that sends the words to the friend of the message."""

    def deliver(message: Message) -> None:
        friend = friend_by_id(UUID(message.reference["friend"]))
        _send(
            lambda one: words(one, message),
            friend,
            message,
            recipient=friend.email,
            language=friend.language,
            country=friend.country,
        )

    return deliver


def _send(
    words: Callable[[P], Mail], person: P, message: Message, *, recipient: str, language: str, country: str = ""
) -> None:
    with speaking(language, country):
        mail = words(person)
        send_mail(mail=mail, sender=platform_sender(), recipient=recipient, language=language, key=message.key)


def _signed_up(user: User) -> Mail:
    return Mail(
        subject=pgettext("friend", "Confirm your email address, and you are on your way"),
        heading=pgettext("friend", "Welcome, %(name)s") % {"name": user.first_name},
        paragraphs=[
            pgettext("friend", "Confirm that this address is yours. The link is valid for seven days."),
            pgettext("friend", "After that you send a proof of age and take a short test, and the first offers come."),
        ],
        button=pgettext("friend", "Confirm and continue"),
        url=welcome_url(user.uuid, user.language),
    )


def _known(user: User) -> Mail:
    return Mail(
        subject=pgettext("friend", "You have an account already"),
        heading=pgettext("friend", "Somebody signed up with your email address"),
        paragraphs=[
            pgettext("friend", "If it was you: you have an account already, just sign in."),
            pgettext("friend", "If it was not you, you don't need to do anything. Nothing has changed."),
        ],
        button=pgettext("friend", "Sign in"),
        url=friends_app_url(user.language),
    )


def _password_reset(user: User) -> Mail:
    return Mail(
        subject=pgettext("friend", "Choose a new password"),
        heading=pgettext("friend", "Choose a new password"),
        paragraphs=[
            pgettext("friend", "You have asked for a new password. The link can be used once and expires in one hour."),
            pgettext("friend", "If it was not you, you don't need to do anything: your password stays as it is."),
        ],
        button=pgettext("friend", "Choose a new password"),
        url=friend_password_url(user),
    )


def _age_checked(friend: Friend, message: Message) -> Mail:
    if friend.is_active:
        return Mail(
            subject=pgettext("friend", "You are in: your first offers come now"),
            heading=pgettext("friend", "You are in, %(name)s") % {"name": friend.first_name},
            paragraphs=[
                pgettext("friend", "Your age has been checked and the document has been deleted."),
                pgettext("friend", "As soon as somebody near you needs help, you'll get an offer."),
            ],
            button=pgettext("friend", "Open the app"),
            url=friends_app_url(friend.language),
        )
    return Mail(
        subject=pgettext("friend", "Your age has been checked"),
        heading=pgettext("friend", "Your age has been checked"),
        paragraphs=[
            pgettext("friend", "The document has been deleted."),
            pgettext("friend", "Only the onboarding test is left before your first offer."),
        ],
        button=pgettext("friend", "See what is left to do"),
        url=joining_url(friend.language),
    )


def _document_refused(friend: Friend, message: Message) -> Mail:
    check = DocumentCheck.objects.get(pk=message.reference["check"])
    is_insurance = check.kind == DocumentKind.INSURANCE
    return Mail(
        subject=pgettext("friend", "Please send another document"),
        heading=pgettext("friend", "We could not accept your document"),
        paragraphs=[
            pgettext("friend", "The document has been deleted. Please send another one."),
        ],
        button=pgettext("friend", "Send a document"),
        url=pro_url(friend.language) if is_insurance else joining_url(friend.language),
        facts=[
            (pgettext("friend", "Document"), str(check.get_kind_display())),
            (pgettext("friend", "Reason"), check.reason),
        ],
    )


def _pro_approved(friend: Friend, message: Message) -> Mail:
    until = friend.pro_until
    return Mail(
        subject=pgettext("friend", "You are a pro now"),
        heading=pgettext("friend", "You are a pro now"),
        paragraphs=[
            pgettext("friend", "You get offers for jobs that only pros may do, as long as you are insured."),
        ],
        button=pgettext("friend", "Open the app"),
        url=friends_app_url(friend.language),
        facts=[(pgettext("friend", "Insured until"), date_format(until, "DATE_FORMAT") if until else "")],
    )


def _insurance_runs_out(friend: Friend, message: Message) -> Mail:
    on = {"on": write_day(date.fromisoformat(message.reference["until"]), "calendar_day", Place.ON)}
    return Mail(
        subject=pgettext("friend", "Your insurance ends %(on)s") % on,
        heading=pgettext("friend", "Your insurance ends %(on)s") % on,
        paragraphs=[
            pgettext("friend", "After that day you'll get no offers for pros. Send the new proof of insurance in time.")
        ],
        button=pgettext("friend", "Renew the insurance"),
        url=pro_url(friend.language),
    )


def _unless_renewed(deliver: Callable[[Message], None]) -> Callable[[Message], None]:
    """Keep a reminder back where the insurance was renewed meanwhile."""

    def guarded(message: Message) -> None:
        friend = friend_by_id(UUID(message.reference["friend"]))
        if friend.pro_until == date.fromisoformat(message.reference["until"]):
            deliver(message)

    return guarded


JOINING_NOTICES: dict[str, Handler] = {
    ToFriend.SIGNED_UP: _to_user(_signed_up),
    ToFriend.ADDRESS_KNOWN: _to_user(_known),
    ToFriend.PASSWORD_RESET: _to_user(_password_reset),
    ToFriend.AGE_CHECKED: _to_friend(_age_checked),
    ToFriend.DOCUMENT_REFUSED: _to_friend(_document_refused),
    ToFriend.PRO_APPROVED: _to_friend(_pro_approved),
    ToFriend.INSURANCE_RUNS_OUT: _unless_renewed(_to_friend(_insurance_runs_out)),
}
