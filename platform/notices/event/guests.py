"""Mails to guests of events: formal, in the language in which they signed up, with the partner's brand.

Each mail says what must still be true for it to be of use; where that is not so any more, it is not sent.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from segno import make_qr

from events.models import SignUp
from events.selectors import letter_by_id, place_in_line, sign_up_by_id
from events.states import SignUpState
from events.wording import write_name, write_when, write_where, write_zone
from journeys.calendar import events_file
from journeys.links import attendance_url, check_in_url
from journeys.topics import ToGuest
from kernel.clock import now
from notices.brands import customer_sender, inside, speaking
from notifications.mail import Attachment, Mail, send_mail
from outbox.models import Message
from outbox.services import Handler
from tenants.models import Tenant

Words = Callable[[SignUp, Tenant, str], Mail]
Holds = Callable[[SignUp], bool]
# Points of the code's picture for each of its squares: as big as a thumb on paper and on a phone.
SCALE = 6


def _notice(words: Words, holds: Holds) -> Handler:
    """Return a handler that sends the words to a guest as long as they hold, unless the guest is forgotten."""
    return lambda message: _send(message, words, holds)


def _send(message: Message, words: Words, holds: Holds) -> None:
    with inside(message.tenant_id) as tenant:
        try:
            sign_up = sign_up_by_id(message.reference["sign_up"])
        except SignUp.DoesNotExist:
            return
        if not (sign_up.email and holds(sign_up)):
            return
        country = tenant.countries[0] if tenant.countries else ""
        with speaking(sign_up.language, country):
            url = attendance_url(tenant, sign_up.pk, sign_up.language)
            mail = _greeted(words(sign_up, tenant, url), sign_up)
            sender = customer_sender(tenant, country=country)
    send_mail(mail=mail, sender=sender, recipient=sign_up.email, language=sign_up.language, key=message.key)


def _please_confirm(sign_up: SignUp, tenant: Tenant, url: str) -> Mail:
    is_going = sign_up.is_going
    return Mail(
        subject=_("Please confirm: %(event)s") % _about(sign_up),
        heading=_("Are you coming?") if is_going else _("Would you like to wait for a seat?"),
        paragraphs=[
            _("a seat is held for you for 24 hours. Please confirm that you are coming.")
            if is_going
            else _("all seats are taken. Please confirm that you would like to be on the waiting list."),
            _("If that was not you, you need not do anything. We delete your address after one day."),
        ],
        button=_("Yes, I'm coming") if is_going else _("Yes, put me on the waiting list"),
        url=url,
        facts=_facts(sign_up),
    )


def _has_seat(sign_up: SignUp, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("You have a seat: %(event)s") % _about(sign_up),
        heading=_("You have a seat"),
        paragraphs=[
            _("we look forward to seeing you. The calendar entry is attached, and so is your code: show it when you "
              "arrive, on your phone or on paper."),
            _("If you can't come, please cancel so that somebody else can have your seat:"),
        ],
        button=_("See or cancel my seat"),
        url=url,
        facts=_facts(sign_up),
        attachments=[*_entry(sign_up, tenant), _code(sign_up, tenant)],
    )  # fmt: skip


def _waits(sign_up: SignUp, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("On the waiting list: %(event)s") % _about(sign_up),
        heading=_("You are on the waiting list"),
        paragraphs=[
            _(
                "you are number %(place)s on the waiting list. As soon as a seat is free, it is yours and you get an "
                "email."
            )
            % {"place": place_in_line(sign_up)},
        ],
        button=_("See or cancel my place"),
        url=url,
        facts=_facts(sign_up),
    )


def _moved_up(sign_up: SignUp, tenant: Tenant, url: str) -> Mail:
    mail = _has_seat(sign_up, tenant, url)
    return replace(
        mail,
        subject=_("A seat is free, and it is yours: %(event)s") % _about(sign_up),
        heading=_("You have moved up: you have a seat"),
    )


def _left(sign_up: SignUp, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("Cancelled: your seat at %(event)s") % _about(sign_up),
        heading=_("Your sign-up has been cancelled"),
        paragraphs=[_("thank you for letting us know. Your seat goes to whoever is next.")],
        facts=_facts(sign_up),
    )


def _reminded(sign_up: SignUp, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("Reminder: %(event)s") % _about(sign_up),
        heading=_("It begins soon"),
        paragraphs=[
            _("we look forward to seeing you. Your code is attached: show it when you arrive."),
            _("If you can't come, please cancel so that somebody else can have your seat:"),
        ],
        button=_("See or cancel my seat"),
        url=url,
        facts=_facts(sign_up),
        attachments=[_code(sign_up, tenant)],
    )


def _changed(sign_up: SignUp, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("New time or place: %(event)s") % _about(sign_up),
        heading=_("The time or place has changed"),
        paragraphs=[
            _("below you can see when and where it now takes place. The attached calendar entry replaces the "
              "previous one."),
            _("You keep your seat. If you can't come, please cancel:") if sign_up.is_going
            else _("You keep your place on the waiting list. If you can't come, please cancel:"),
        ],
        button=_back(sign_up),
        url=url,
        facts=_facts(sign_up),
        attachments=_entry(sign_up, tenant) if sign_up.is_going else (),
    )  # fmt: skip


def _called_off(sign_up: SignUp, tenant: Tenant, url: str) -> Mail:
    because = sign_up.event.called_off_because
    return Mail(
        subject=_("Event cancelled: %(event)s") % _about(sign_up),
        heading=_("We are sorry: this event will not take place"),
        paragraphs=[
            _("this event has been cancelled."),
            *([_("The reason: %(reason)s") % {"reason": because}] if because else []),
        ],
        facts=_facts(sign_up),
        attachments=_entry(sign_up, tenant) if sign_up.is_going else (),
    )


def _letter(sign_up: SignUp, tenant: Tenant, url: str, *, letter_id: str) -> Mail:
    letter = letter_by_id(letter_id)
    return Mail(
        subject=letter.subject,
        heading=letter.subject,
        paragraphs=letter.text.splitlines(),
        button=_back(sign_up) if _takes_place(sign_up) else "",
        url=url,
        facts=_facts(sign_up),
    )


def _back(sign_up: SignUp) -> str:
    return _("See or cancel my seat") if sign_up.is_going else _("See or cancel my place")


def _about(sign_up: SignUp) -> dict[str, str]:
    return {"event": write_name(sign_up.event, sign_up.language)}


def _greeted(mail: Mail, sign_up: SignUp) -> Mail:
    return replace(mail, paragraphs=[_("Hello %(name)s,") % {"name": sign_up.name}, *mail.paragraphs])


def _facts(sign_up: SignUp) -> list[tuple[str, str]]:
    event = sign_up.event
    facts = [
        (pgettext("where people meet", "Event"), write_name(event, sign_up.language)),
        (_("When"), f"{write_when(event)} ({write_zone(event)})"),
        (_("Where"), write_where(event)),
    ]
    # Who waits for a seat waits for the link too.
    return [*facts, (_("Link"), event.online_url)] if event.online_url and sign_up.is_going else facts


def _entry(sign_up: SignUp, tenant: Tenant) -> list[Attachment]:
    """Return the calendar entry of somebody who has a seat."""
    content = events_file(events=[sign_up.event], tenant=tenant, language=sign_up.language, now=now(), with_link=True)
    return [Attachment("event.ics", "text/calendar", content)]


def _code(sign_up: SignUp, tenant: Tenant) -> Attachment:
    """Return the guest's code as a picture, as mail programs show it."""
    target = BytesIO()
    make_qr(check_in_url(tenant, sign_up.pk), error="m").save(target, kind="png", scale=SCALE, border=3)
    return Attachment("code.png", "image/png", target.getvalue())


def _takes_place(sign_up: SignUp) -> bool:
    return sign_up.event.called_off_at is None


def _is_signed_up(sign_up: SignUp) -> bool:
    return sign_up.state != SignUpState.CANCELLED


def _is(state: SignUpState) -> Holds:
    return lambda sign_up: sign_up.state == state and _takes_place(sign_up)


def _is_held(sign_up: SignUp) -> bool:
    return _is_signed_up(sign_up) and _takes_place(sign_up)


GUEST_NOTICES: dict[str, Handler] = {
    ToGuest.PLEASE_CONFIRM: _notice(_please_confirm, lambda one: one.confirmed_at is None and _is_held(one)),
    ToGuest.HAS_SEAT: _notice(_has_seat, _is(SignUpState.GOING)),
    ToGuest.WAITS: _notice(_waits, _is(SignUpState.WAITING)),
    ToGuest.MOVED_UP: _notice(_moved_up, _is(SignUpState.GOING)),
    ToGuest.LEFT: _notice(_left, lambda one: one.state == SignUpState.CANCELLED),
    ToGuest.REMINDED: _notice(_reminded, _is(SignUpState.GOING)),
    ToGuest.CHANGED: _notice(_changed, _is_held),
    ToGuest.LETTER: lambda message: _send(
        message, partial(_letter, letter_id=message.reference["letter"]), _is_signed_up
    ),
    ToGuest.CALLED_OFF: _notice(_called_off, _is_signed_up),
}
