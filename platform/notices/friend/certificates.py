"""Mails to friends about their certificates: got, ending soon, ended, taken back. Informal, from the platform."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import pgettext

from crowd.models import Friend
from crowd.selectors import friend_by_id
from journeys.links import certificates_url
from journeys.topics import ToFriend
from notices.brands import speaking
from notices.channels import FriendNotice, Told
from notifications.kinds import NoticeKind
from notifications.mail import Mail
from outbox.models import Message
from outbox.services import Handler
from skills.models import Skill
from skills.selectors import skill_by_id
from tenants.selectors import partner_names


@dataclass(frozen=True)
class About:
    """What the mail is about; ``issuer`` is the partner's name, empty for the platform."""

    friend: Friend
    skill: Skill
    until: date | None
    issuer: str
    why: str
    url: str

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The certificate in figures."""
        until = date_format(self.until, "SHORT_DATE_FORMAT") if self.until else pgettext("friend", "No expiry")
        return [
            (pgettext("friend", "Certificate"), self.skill.name),
            (pgettext("friend", "Certified by"), self.issuer or "Quartett"),
            (pgettext("friend", "Valid until"), until),
        ]


Words = Callable[[About], Mail]


def _notice(words: Words) -> FriendNotice:
    """Return the handler that tells the words to the friend of the message, on the channels of their choice."""

    def prepare(message: Message) -> Told:
        said = message.reference
        friend, skill = friend_by_id(UUID(said["friend"])), skill_by_id(said["skill"])
        until = date.fromisoformat(said["until"]) if said["until"] else None
        issuer = partner_names([said["issuer"]]).get(said["issuer"], "")
        with speaking(friend.language, friend.country):
            mail = words(About(friend, skill, until, issuer, said["why"], certificates_url(friend.language)))
        return Told(friend, mail)

    return FriendNotice(prepare, NoticeKind.ABOUT_YOU)


def _issued(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "Your certificate: %(skill)s") % {"skill": about.skill.name},
        heading=pgettext("friend", "Congratulations, %(name)s") % {"name": about.friend.first_name},
        paragraphs=[pgettext("friend", "From now on you also get offers for jobs that need this certificate.")],
        button=pgettext("friend", "See your certificates"),
        url=about.url,
        facts=about.facts,
    )


def _ends_soon(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "Your certificate ends soon: %(skill)s") % {"skill": about.skill.name},
        heading=pgettext("friend", "Renew it in time"),
        paragraphs=[
            pgettext("friend", "After that day you'll get no more offers that need it. The jobs you have stay yours.")
        ],
        button=pgettext("friend", "See your certificates"),
        url=about.url,
        facts=about.facts,
    )


def _expired(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "Your certificate has ended: %(skill)s") % {"skill": about.skill.name},
        heading=pgettext("friend", "Your certificate has ended"),
        paragraphs=[
            pgettext(
                "friend", "You get no offers that require it until you have it again. Your current jobs stay yours."
            )
        ],
        button=pgettext("friend", "See your certificates"),
        url=about.url,
        facts=about.facts,
    )


def _revoked(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "Your certificate was revoked: %(skill)s") % {"skill": about.skill.name},
        heading=pgettext("friend", "One of your certificates was revoked"),
        paragraphs=[
            pgettext("friend", "The reason: %(why)s") % {"why": about.why},
            pgettext("friend", "If you think this is a mistake, write to your community manager."),
        ],
        button=pgettext("friend", "See your certificates"),
        url=about.url,
        facts=about.facts[:2],
    )


CERTIFICATE_NOTICES: dict[str, Handler] = {
    ToFriend.CERTIFICATE_ISSUED: _notice(_issued),
    ToFriend.CERTIFICATE_ENDS_SOON: _notice(_ends_soon),
    ToFriend.CERTIFICATE_EXPIRED: _notice(_expired),
    ToFriend.CERTIFICATE_REVOKED: _notice(_revoked),
}
