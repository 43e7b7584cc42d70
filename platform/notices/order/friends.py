"""Notices to friends: informal, in their language, from the platform. Before acceptance they name nobody."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import pgettext

from crowd.models import Friend
from crowd.selectors import friend_by_id
from dispatch.models import Job, Offer
from dispatch.overflow.gate import shows_brand
from dispatch.selectors import job_by_id, offer_of
from dispatch.states import JobState, OfferState
from dispatch.working.effort import effort_of
from dispatch.working.escalations import diagnosis_fee
from journeys.calendar import calendar_file
from journeys.links import job_url
from journeys.topics import ToFriend
from kernel.clock import now
from kernel.money import format_money
from kernel.slots import Part
from kernel.travel import write_distance, write_travel
from kernel.typed.phones import show_phone
from kernel.wording.dates import Place, write_day, write_moment
from kernel.wording.texts import pick
from notices.brands import inside, speaking
from notices.channels import FriendNotice, Told
from notifications.kinds import NoticeKind
from notifications.mail import Mail, calendar_entry
from orders.cancelling import split_of_fee
from orders.models import Appointment, Order
from orders.selectors import order_by_uuid
from orders.states import AppointmentState
from outbox.models import Message
from outbox.services import Handler
from places.countries import country_by_code


@dataclass(frozen=True)
class About:
    """What a friend's notice is about; order and appointment only where the friend has the job."""

    friend: Friend
    job: Job
    offer: Offer
    url: str
    order: Order | None = None
    appointment: Appointment | None = None

    @property
    def package(self) -> str:
        """The package's name in the friend's language."""
        return pick(self.job.package_name, self.friend.language)

    def money(self, minor: int) -> str:
        """Write an amount of the job."""
        return format_money(minor, self.job.currency, language=self.friend.language, country=self.job.country)


Words = Callable[[About], Mail]


Holds = Callable[[About], bool]


def friend_notice(words: Words, kind: NoticeKind = NoticeKind.JOBS, *, holds: Holds | None = None) -> FriendNotice:
    """Return the handler that tells the words to the friend of the message, on the channels of their choice.

    ``holds`` says whether they are still of use; without it they always are.
    """

    def prepare(message: Message) -> Told | None:
        friend_id = UUID(message.reference["friend"])
        friend, job = friend_by_id(friend_id), job_by_id(UUID(message.reference["job"]))
        offer = offer_of(job.pk, friend_id)
        if offer is None:
            return None
        with speaking(friend.language, friend.country), timezone.override(country_by_code(job.country).time_zone):
            url = job_url(job.pk, friend.language)
            about = About(friend, job, offer, url, *_order(job, friend, message))
            if holds is not None and not holds(about):
                return None
            mail = words(about)
        return Told(friend, mail, offer.expires_at if kind == NoticeKind.OFFERS else None)

    return FriendNotice(prepare, kind)


def _order(job: Job, friend: Friend, message: Message) -> tuple[Order | None, Appointment | None]:
    """Return order and appointment to the friend who has the job, and to nobody else."""
    if job.friend_id != friend.pk:
        return None, None
    with inside(job.tenant_id):
        order = order_by_uuid(job.order_id)
    wanted = message.reference.get("appointment")
    return order, next((one for one in order.appointments.all() if one.pk == wanted), None)


def has_job(about: About) -> bool:
    """Say whether the friend still has the job, and the work is not done."""
    return about.job.friend_id == about.friend.pk and about.job.state == JobState.ASSIGNED


def _waits_for_contact(about: About) -> bool:
    return has_job(about) and about.job.contacted_at is None


def _is_proposed(about: About) -> bool:
    appointment = about.appointment
    return has_job(about) and appointment is not None and appointment.state == AppointmentState.PROPOSED


def is_agreed(about: About) -> bool:
    """Say whether the date that is told stands."""
    appointment = about.appointment
    return has_job(about) and appointment is not None and appointment.state == AppointmentState.AGREED


def _offer_made(about: About) -> Mail:
    job = about.job
    return Mail(
        subject=pgettext("friend", "New job near you: %(package)s in %(town)s")
        % {"package": about.package, "town": job.town},
        heading=pgettext("friend", "A job for you, %(name)s") % {"name": about.friend.first_name},
        paragraphs=[
            pgettext("friend", "First come, first served: accept %(by)s.")
            % {"by": write_moment(about.offer.expires_at, place=Place.BY)},
        ],
        button=pgettext("friend", "See the job"),
        url=about.url,
        facts=[
            (pgettext("friend", "Package"), about.package),
            (pgettext("friend", "For"), _whose(about)),
            (pgettext("friend", "Place"), f"{job.postal_code} {job.town}"),
            (pgettext("friend", "Distance"), _way(about)),
            (pgettext("friend", "Preferred times"), _windows(job)),
            (
                pgettext("friend", "Customer pays"),
                about.money(job.split.after_diagnosis(diagnosis_fee(job)).price_minor),
            ),
            (pgettext("friend", "Commission"), about.money(job.commission_minor)),
            (pgettext("friend", "You get"), about.money(job.friend_minor)),
        ],
        short=pgettext("friend", "You get %(amount)s. Answer %(by)s.")
        % {
            "amount": about.money(job.friend_minor),
            "by": write_moment(about.offer.expires_at, "short_moment", Place.BY),
        },
    )


def _way(about: About) -> str:
    """Say how far it is, and how long that takes by estimate."""
    metres = about.offer.distance_m
    way = f"{write_distance(metres)} · {write_travel(metres, about.friend.travel_mode)}"
    return f"{way} {pgettext('friend', '(estimate)')}"


def _whose(about: About) -> str:
    """Name the partner and the order, where the contract by which the job crossed shows them."""
    if shows_brand(about.offer):
        return f"{about.job.tenant_name} · {about.job.order_number}"
    return pgettext("friend", "a partner of Quartett")


def _times_changed(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "New times: %(package)s in %(town)s")
        % {"package": about.package, "town": about.job.town},
        heading=pgettext("friend", "The customer has changed the preferred times"),
        paragraphs=[
            pgettext("friend", "The job is still open. Answer %(by)s.")
            % {"by": write_moment(about.offer.expires_at, place=Place.BY)},
        ],
        button=pgettext("friend", "See the job"),
        url=about.url,
        facts=[(pgettext("friend", "Preferred times"), _windows(about.job))],
    )


def _job_yours(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "The job is yours: %(package)s in %(town)s")
        % {"package": about.package, "town": about.job.town},
        heading=pgettext("friend", "The job is yours"),
        paragraphs=[
            pgettext("friend", "Contact the customer %(by)s at the latest and arrange an appointment.")
            % {"by": _due(about)}
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
        facts=customer_facts(about),
        short=_contact_by(about),
    )


def _reminder(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "Please contact your customer: %(package)s in %(town)s")
        % {"package": about.package, "town": about.job.town},
        heading=pgettext("friend", "Your customer is waiting to hear from you"),
        paragraphs=[
            pgettext("friend", "Contact the customer %(by)s at the latest and tell us so in the app.")
            % {"by": _due(about)}
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
        facts=[*_tried(about), *customer_facts(about)],
        short=_contact_by(about),
    )


def _last_call(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "Last call: contact your customer %(by)s") % {"by": _due(about)},
        heading=pgettext("friend", "Time is running out"),
        paragraphs=[
            pgettext("friend", "If the customer has not heard from you by then, the community manager looks into it.")
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
        facts=[*_tried(about), *customer_facts(about)],
    )


def _date_proposed(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "The customer proposes an appointment: %(package)s") % {"package": about.package},
        heading=pgettext("friend", "The customer proposes an appointment"),
        paragraphs=[pgettext("friend", "Does it suit you? Accept it or propose another one.")],
        button=pgettext("friend", "Reply to the proposal"),
        url=about.url,
        facts=[
            (pgettext("friend", "Proposed appointment"), write_moment(about.appointment.starts_at)),
            *([(pgettext("friend", "Message"), about.appointment.note)] if about.appointment.note else []),
        ]
        if about.appointment
        else (),
        short=write_moment(about.appointment.starts_at) if about.appointment else "",
    )


def _date_agreed(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "The appointment is confirmed: %(package)s in %(town)s")
        % {"package": about.package, "town": about.job.town},
        heading=pgettext("friend", "The appointment is confirmed"),
        paragraphs=[
            pgettext("friend", "You are expected %(on)s. The calendar entry is attached.")
            % {"on": write_moment(about.appointment.starts_at if about.appointment else None, place=Place.ON)}
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
        facts=customer_facts(about),
        attachments=calendar_entry(calendar_of(about)),
        short=write_moment(about.appointment.starts_at) if about.appointment else "",
    )


def _cancelled(about: About) -> Mail:
    return Mail(
        subject=pgettext("friend", "Cancelled: %(package)s in %(town)s")
        % {"package": about.package, "town": about.job.town},
        heading=pgettext("friend", "The job was cancelled"),
        paragraphs=[
            *_fee_words(about),
            pgettext("friend", "You don't need to do anything. There will be another offer."),
        ],
        button=pgettext("friend", "Open the job"),
        url=about.url,
    )


def _fee_words(about: About) -> list[str]:
    """Say what of the fee for cancelling late is the friend's, as a paragraph of its own."""
    gets = split_of_fee(about.order).friend_minor if about.order else 0
    if not gets:
        return []
    words = pgettext("friend", "The customer cancelled late. You get %(amount)s of the cancellation fee.")
    return [words % {"amount": about.money(gets)}]


def customer_facts(about: About) -> list[tuple[str, str]]:
    """Return whom to contact where; nothing to a friend who does not have the job."""
    order = about.order
    if order is None:
        return []
    return [
        (pgettext("friend", "Customer"), order.name),
        *([(pgettext("friend", "Company"), order.company)] if order.company else []),
        (pgettext("friend", "Phone"), show_phone(order.phone)),
        (pgettext("friend", "Address"), f"{order.street}\n{order.postal_code} {order.town}"),
        (pgettext("friend", "Preferred times"), _windows(about.job)),
    ]


def _tried(about: About) -> list[tuple[str, str]]:
    """Say that the friend's attempts to reach the customer are known."""
    return [(pgettext("friend", "Attempts you have logged"), str(effort_of(about.job).count))]


def _contact_by(about: About) -> str:
    return pgettext("friend", "Contact the customer %(by)s at the latest.") % {"by": _due(about)}


def _due(about: About) -> str:
    return write_moment(about.order.contact_due_at if about.order else None, place=Place.BY)


def _windows(job: Job) -> str:
    return "\n".join(
        f"{write_day(date.fromisoformat(day), 'short_day')}, {Part(part).label}" for day, part in job.windows
    )


def calendar_of(about: About) -> bytes:
    """Return the agreed date as a calendar file; empty where there is none."""
    order, appointment = about.order, about.appointment
    if order is None or appointment is None:
        return b""
    return calendar_file(
        order_uuid=order.uuid,
        title=f"{about.package} · {order.name}",
        where=f"{order.street}, {order.postal_code} {order.town}",
        url=about.url,
        starts_at=appointment.starts_at,
        minutes=order.minutes,
        now=now(),
    )


def _only_while_open(notice: FriendNotice) -> FriendNotice:
    """Keep an offer back where somebody was faster than its notice, or where it is over."""

    def prepare(message: Message) -> Told | None:
        offer = offer_of(UUID(message.reference["job"]), UUID(message.reference["friend"]))
        if offer is None or offer.state != OfferState.OPEN or offer.expires_at <= now():
            return None
        return notice.prepare(message)

    return replace(notice, prepare=prepare)


FRIEND_NOTICES: dict[str, Handler] = {
    ToFriend.OFFER_MADE: _only_while_open(friend_notice(_offer_made, NoticeKind.OFFERS)),
    ToFriend.TIMES_CHANGED: _only_while_open(friend_notice(_times_changed, NoticeKind.OFFERS)),
    ToFriend.JOB_YOURS: friend_notice(_job_yours, holds=has_job),
    ToFriend.CONTACT_REMINDER: friend_notice(_reminder, NoticeKind.DEADLINES, holds=_waits_for_contact),
    ToFriend.CONTACT_LAST_CALL: friend_notice(_last_call, NoticeKind.DEADLINES, holds=_waits_for_contact),
    ToFriend.DATE_PROPOSED: friend_notice(_date_proposed, holds=_is_proposed),
    ToFriend.DATE_AGREED: friend_notice(_date_agreed, holds=is_agreed),
    ToFriend.JOB_CANCELLED: friend_notice(_cancelled),
}
