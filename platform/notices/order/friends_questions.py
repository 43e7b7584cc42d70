"""Mails to friends about what they asked and proposed before the job was anybody's (R18)."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.utils.translation import pgettext

from dispatch.selectors import offer_of
from dispatch.states import LIVE_OFFERS
from journeys.order.talking.ask_customer import exchanges_of
from journeys.topics import ToFriend
from kernel.hiding.masking import show_hidden
from kernel.wording.dates import write_moment
from kernel.wording.texts import labelled
from notices.channels import FriendNotice, Told
from notices.order.customers_questions import words_of_question
from notices.order.friends import About, calendar_of, customer_facts, friend_notice, is_agreed
from notifications.kinds import NoticeKind
from notifications.mail import Mail, calendar_entry
from outbox.models import Message
from outbox.services import Handler


def _answer(about: About) -> Mail:
    answered = [exchange for exchange in exchanges_of(about.job.pk) if exchange.answered_at]
    return Mail(
        subject=pgettext("friend", "There is an answer: %(package)s in %(town)s") % _job(about),
        heading=pgettext("friend", "The customer has answered"),
        paragraphs=[pgettext("friend", "Now you know more. The first to accept gets the job.")],
        button=pgettext("friend", "See the job"),
        url=about.url,
        facts=[
            (
                words_of_question(exchange),
                "\n".join(
                    filter(
                        None,
                        [
                            show_hidden(exchange.answer),
                            pgettext("friend", "With a photo; you'll see it in the app.") if exchange.has_photo else "",
                        ],
                    )
                ),
            )
            for exchange in answered
        ],
    )


def _chosen(about: About) -> Mail:
    moment = write_moment(about.appointment.starts_at) if about.appointment else ""
    return Mail(
        subject=pgettext("friend", "Your time was chosen: %(package)s in %(town)s") % _job(about),
        heading=pgettext("friend", "The job is yours, and the appointment is confirmed"),
        paragraphs=[
            pgettext(
                "friend",
                "The customer has chosen your time: %(moment)s. You don't need to do anything else before then. The "
                "calendar entry is attached.",
            )
            % {"moment": moment}
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
        facts=customer_facts(about),
        attachments=calendar_entry(calendar_of(about)),
    )


def _over(heading: Callable[[], str], words: Callable[[], str]) -> Callable[[About], Mail]:
    """Return the words that end a proposal; it costs nothing, whatever the reason."""

    def make(about: About) -> Mail:
        return Mail(
            subject=labelled(heading(), f"{about.package}, {about.job.town}"),
            heading=heading(),
            paragraphs=[words(), pgettext("friend", "This costs you nothing. There will be another offer.")],
            button=pgettext("friend", "See the job"),
            url=about.url,
        )

    return make


def _job(about: About) -> dict[str, str]:
    return {"package": about.package, "town": about.job.town}


def _only_while_live(notice: FriendNotice) -> FriendNotice:
    """Keep an answer back where the friend can no longer take the job."""

    def prepare(message: Message) -> Told | None:
        offer = offer_of(UUID(message.reference["job"]), UUID(message.reference["friend"]))
        return notice.prepare(message) if offer is not None and offer.state in LIVE_OFFERS else None

    return replace(notice, prepare=prepare)


FRIEND_QUESTION_NOTICES: dict[str, Handler] = {
    ToFriend.ANSWER_ARRIVED: _only_while_live(friend_notice(_answer, NoticeKind.OFFERS)),
    ToFriend.TIME_CHOSEN: friend_notice(_chosen, holds=is_agreed),
    ToFriend.TIMES_LAPSED: friend_notice(
        _over(
            lambda: pgettext("friend", "Your times have lapsed"),
            lambda: pgettext("friend", "The customer has not chosen any of the times you proposed."),
        )
    ),
    ToFriend.TIMES_TAKEN: friend_notice(
        _over(
            lambda: pgettext("friend", "The job is taken"),
            lambda: pgettext("friend", "Another friend has the job now, so your times are free again."),
        )
    ),
    ToFriend.TIMES_DECLINED: friend_notice(
        _over(
            lambda: pgettext("friend", "None of your times suits"),
            lambda: pgettext("friend", "The customer cannot make any of the times you proposed."),
        )
    ),
    ToFriend.TIMES_WITHOUT_ROOM: friend_notice(
        _over(
            lambda: pgettext("friend", "Your times were withdrawn"),
            lambda: pgettext(
                "friend", "The customer chose one, but you have reached your limit of open jobs in the meantime."
            ),
        )
    ),
}
