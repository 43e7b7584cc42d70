"""Mails about ratings (R13): a reminder, both ratings at one moment, a reply, and what a person decided about words.

Each of them says only what its recipient may see at the moment of delivery (orders.ratings.seen_by).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.selectors import managers
from crowd.models import Friend
from crowd.selectors import friend_by_id, rating_of_job
from dispatch.models import Job
from dispatch.selectors import job_by_id
from journeys.links import job_url, order_url, rating_desk_url
from journeys.topics import ToCustomer, ToFriend, ToManagers
from kernel.clock import now
from kernel.wording.dates import Place, write_day
from kernel.wording.texts import pick
from notices.brands import customer_sender, inside, partner_sender, speaking
from notices.channels import FriendNotice
from notices.channels import Told as ToldFriend
from notifications.kinds import NoticeKind
from notifications.mail import Mail, send_mail
from orders.models import CustomerReview, Order, Review, WordsReport
from orders.ratings import CUSTOMER_RATES_FOR, SeenRatings, seen_by
from orders.selectors import order_by_uuid
from orders.states import Side
from outbox.models import Message
from outbox.services import Handler
from places.countries import country_by_code
from tenants.models import Tenant


@dataclass(frozen=True)
class Told:
    """What a mail about ratings speaks of: what the recipient sees, and the words that were decided about, if any."""

    order: Order
    tenant: Tenant
    seen: SeenRatings
    report: WordsReport | None
    reply: str
    url: str


def _to_customer(words: Callable[[Told], Mail]) -> Callable[[Message], None]:
    """Return a handler that sends the words to the order's customer."""

    def deliver(message: Message) -> None:
        with inside(message.tenant_id) as tenant:
            order = order_by_uuid(message.reference["order"])
            with speaking(order.language):
                told = _told(order, tenant, Side.CUSTOMER, message, order_url(tenant, order.uuid, order.language))
                mail = words(told)
                mail = replace(mail, paragraphs=[_("Hello %(name)s,") % {"name": order.name}, *mail.paragraphs])
                sender = customer_sender(tenant, country=order.country)
        send_mail(mail=mail, sender=sender, recipient=order.email, language=order.language, key=message.key)

    return deliver


def _to_friend(words: Callable[[Told, Job], Mail]) -> FriendNotice:
    """Return the handler that tells the words to the friend who did the job, on the channels of their choice."""

    def prepare(message: Message) -> ToldFriend | None:
        friend: Friend = friend_by_id(UUID(message.reference["friend"]))
        job = job_by_id(UUID(message.reference["job"]))
        if job.friend_id != friend.pk:
            return None
        with inside(job.tenant_id) as tenant:
            order = order_by_uuid(job.order_id)
            told = _told(order, tenant, Side.FRIEND, message, job_url(job.pk, friend.language))
        with speaking(friend.language, friend.country), timezone.override(country_by_code(job.country).time_zone):
            mail = words(told, job)
        return ToldFriend(friend, mail)

    return FriendNotice(prepare, NoticeKind.ABOUT_YOU)


def _to_managers(words: Callable[[Order, str], Mail]) -> Callable[[Message], None]:
    """Return a handler that sends the words to all managers of the partner, each in their language."""

    def deliver(message: Message) -> None:
        with inside(message.tenant_id) as tenant:
            order = order_by_uuid(message.reference["order"])
            url = rating_desk_url(tenant, order.uuid)
            for manager in managers():
                with speaking(manager.language):
                    send_mail(
                        mail=words(order, url),
                        sender=partner_sender(tenant),
                        recipient=manager.email,
                        language=manager.language,
                        key=message.key,
                    )

    return deliver


def _told(order: Order, tenant: Tenant, side: str, message: Message, url: str) -> Told:
    """Gather what a mail needs. Run inside the tenant."""
    wanted = message.reference.get("report")
    report = next((one for one in order.words_reports.all() if one.pk == wanted), None)
    rating = rating_of_job(order.placed_job_id)
    return Told(order, tenant, seen_by(order, side, now=now()), report, rating.reply if rating else "", url)


def _stars(review: Review | CustomerReview) -> str:
    return "★" * review.stars + "☆" * (5 - review.stars)


def _reminder(told: Told) -> Mail:
    order = told.order
    until = (order.done_at + CUSTOMER_RATES_FOR).date() if order.done_at else None
    return Mail(
        subject=_("How did it go with %(friend)s? (order %(number)s)")
        % {"friend": order.friend_name, "number": order.number},
        heading=_("How did it go with %(friend)s?") % {"friend": order.friend_name},
        paragraphs=[
            _("a quick rating helps other customers choose, and it builds a good friend's reputation."),
            _("You can rate %(until)s. This is the only time we remind you.")
            % {"until": write_day(until, place=Place.UNTIL)},
        ],
        button=_("Rate your order"),
        url=told.url,
    )


def _shown(told: Told) -> Mail:
    order, other = told.order, told.seen.other
    facts = []
    if other:
        facts = [(_("Stars"), _stars(other))]
        if other.shown_words:
            facts.append((_("Comment from the friend"), other.shown_words))
        line = _("here is what %(friend)s says about the visit.")
    else:
        line = _("your rating is shown to %(friend)s from now on. %(friend)s has not rated you.")
    return Mail(
        subject=_("The ratings of your order %(number)s are shown now") % {"number": order.number},
        heading=_("The ratings are shown now"),
        paragraphs=[line % {"friend": order.friend_name}],
        button=_("See your order"),
        url=told.url,
        facts=facts,
    )


def _replied(told: Told) -> Mail:
    order = told.order
    return Mail(
        subject=_("%(friend)s replies to your rating (order %(number)s)")
        % {"friend": order.friend_name, "number": order.number},
        heading=_("%(friend)s replies to your rating") % {"friend": order.friend_name},
        paragraphs=[_("thank you again for your rating. Your friend has replied.")],
        button=_("See your order"),
        url=told.url,
        facts=[(_("The friend's reply"), told.reply)] if told.reply else (),
    )


def _decided_for_customer(told: Told) -> Mail:
    report = told.report
    is_hidden = bool(report and report.is_hidden)
    line = _("This comment is now hidden. The stars stay.") if is_hidden else _("The comment stays as it is.")
    return Mail(
        subject=_("We have reviewed a comment on your order %(number)s") % {"number": told.order.number},
        heading=_("We have reviewed the comment"),
        paragraphs=[
            _("%(brand)s has reviewed a comment in the ratings of your order.") % {"brand": told.tenant.name},
            line,
        ],
        button=_("See your order"),
        url=told.url,
        facts=[(_("The comment"), report.get_about_display()), (_("Reason"), report.decision)] if report else (),
    )


def _arrived(told: Told, job: Job) -> Mail:
    review = told.seen.other
    if review is None:
        return Mail(
            subject=pgettext("friend", "Your rating of the customer is shown now"),
            heading=pgettext("friend", "Your rating of the customer is shown now"),
            paragraphs=[
                pgettext("friend", "The customer has not rated you within 14 days. What you said is shown to them now.")
            ],
            button=pgettext("friend", "Open the job"),
            url=told.url,
        )
    facts = [(pgettext("friend", "Stars"), _stars(review))]
    if review.shown_words:
        facts.append((pgettext("friend", "Customer's comment"), review.shown_words))
    return Mail(
        subject=pgettext("friend", "You have been rated: %(stars)s") % {"stars": _stars(review)},
        heading=pgettext("friend", "Your customer has rated you"),
        paragraphs=[
            pgettext("friend", "Thank you for your work."),
            pgettext("friend", "You can reply once, and the customer sees your reply."),
        ],
        button=pgettext("friend", "Open the job"),
        url=told.url,
        facts=facts,
    )


def _decided_for_friend(told: Told, job: Job) -> Mail:
    report = told.report
    line = (
        pgettext("friend", "This comment is now hidden. The stars stay.")
        if report and report.is_hidden
        else pgettext("friend", "The comment stays as it is.")
    )
    return Mail(
        subject=pgettext("friend", "We have reviewed a comment on one of your jobs"),
        heading=pgettext("friend", "We have reviewed the comment"),
        paragraphs=[line],
        button=pgettext("friend", "Open the job"),
        url=told.url,
        facts=[
            (pgettext("friend", "Job"), f"{pick(job.package_name, get_language() or 'en')} · {job.order_number}"),
            (pgettext("friend", "Comment"), report.get_about_display()),
            (pgettext("friend", "Reason"), report.decision),
        ]
        if report
        else (),
    )


def _low_rating(order: Order, url: str) -> Mail:
    review: Review | None = getattr(order, "review", None)
    facts = [(_("Order number"), order.number or ""), (_("Friend"), order.friend_name)]
    if review:
        facts.append((_("Stars"), _stars(review)))
        if review.words:
            facts.append((_("Comment from the customer"), review.words))
    return Mail(
        subject=_("Low rating for order %(number)s") % {"number": order.number},
        heading=_("A customer is not satisfied"),
        paragraphs=[
            _("Please find out what happened and close the case with an outcome."),
            _("While ratings are hidden, the friend does not know the stars. Please don't reveal them."),
        ],
        button=_("Open the case"),
        url=url,
        facts=facts,
    )


def _reported(order: Order, url: str) -> Mail:
    waiting = [report for report in order.words_reports.all() if report.decided_at is None]
    return Mail(
        subject=_("A comment in a rating was reported (order %(number)s)") % {"number": order.number},
        heading=_("Please look at this comment"),
        paragraphs=[_("Decide whether to hide or keep it; both sides see the reason. The stars stay.")],
        button=_("View comment"),
        url=url,
        facts=[(report.get_about_display(), report.reason) for report in waiting],
    )


RATING_NOTICES: dict[str, Handler] = {
    ToCustomer.RATE_REMINDER: _to_customer(_reminder),
    ToCustomer.RATINGS_SHOWN: _to_customer(_shown),
    ToCustomer.RATING_REPLY: _to_customer(_replied),
    ToCustomer.WORDS_DECIDED: _to_customer(_decided_for_customer),
    ToFriend.RATING_ARRIVED: _to_friend(_arrived),
    ToFriend.WORDS_DECIDED: _to_friend(_decided_for_friend),
    ToManagers.LOW_RATING: _to_managers(_low_rating),
    ToManagers.WORDS_REPORTED: _to_managers(_reported),
}
