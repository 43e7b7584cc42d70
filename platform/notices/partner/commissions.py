"""Mails about a planned change of commissions: to the partner's managers, formal, and to friends, informal (R21)."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.selectors import managers
from crowd.selectors import friend_by_id
from journeys.links import earnings_url, handbook_url, settings_url
from journeys.reads.rates import names_of_rates, write_about
from journeys.topics import ToFriend, ToManagers
from kernel.templatetags.quartett import percent
from notices.brands import inside, partner_sender, speaking
from notices.channels import FriendNotice, Told
from notifications.mail import Mail, send_mail
from outbox.models import Message
from outbox.services import Handler
from tenants.models import Commission, Tenant
from tenants.selectors import partner_names, tenant_by_id
from tenants.settings.commissions import About, write_days


def _about(message: Message, tenant: Tenant) -> str:
    """Say what the rate is about, in the language of the moment."""
    row = Commission.objects.get(tenant=tenant, version=message.reference["version"])
    return write_about(About.of(row), names_of_rates(tenant))


def _figures(message: Message) -> tuple[str, str, str]:
    """Return the rate before and after, and the days, as words."""
    said = message.reference
    days = [date.fromisoformat(said[name]) if said[name] else None for name in ("from", "until")]
    return percent(said["before"]), percent(said["after"]), write_days(*days)


def _tell_friend(message: Message) -> Told:
    friend = friend_by_id(UUID(message.reference["friend"]))
    assert message.tenant_id is not None
    tenant = tenant_by_id(message.tenant_id)
    with speaking(friend.language, friend.country):
        before, after, days = _figures(message)
        mail = Mail(
            subject=pgettext("friend", "The commission at %(partner)s changes") % {"partner": tenant.name},
            heading=pgettext("friend", "The commission at %(partner)s changes") % {"partner": tenant.name},
            paragraphs=[
                pgettext(
                    "friend", "The commission on the jobs below will be %(after)s instead of %(before)s, %(days)s."
                )
                % {"after": after, "before": before, "days": days},
                pgettext(
                    "friend",
                    "Jobs booked before then keep their commission. "
                    "As always, every offer shows you all three figures before you accept.",
                ),
            ],
            button=pgettext("friend", "See what each job pays"),
            url=earnings_url(tenant.slug, friend.language),
            facts=[(pgettext("friend", "Jobs"), _about(message, tenant))],
        )
    return Told(friend, mail)


def _tell_friend_of_base_rate(message: Message) -> Told:
    friend, said = friend_by_id(UUID(message.reference["friend"])), message.reference
    rates = {int(tenant): int(before) for tenant, before in (one.split(":") for one in said["before"].split(","))}
    partners = partner_names(rates)
    with speaking(friend.language, friend.country):
        names = {"after": percent(said["after"]), "days": write_days(date.fromisoformat(said["first_day"]), None)}
        mail = Mail(
            subject=pgettext("friend", "The commission changes"),
            heading=pgettext("friend", "The commission changes"),
            paragraphs=[
                pgettext("friend", "At the partners below the commission on all jobs will be %(after)s, %(days)s.")
                % names,
                pgettext("friend", "Where a package, category or country has a rate of its own, that rate stays."),
                pgettext(
                    "friend",
                    "Jobs booked before then keep their commission. "
                    "As always, every offer shows you all three figures before you accept.",
                ),
            ],
            button=pgettext("friend", "See the handbook"),
            url=handbook_url(friend.language),
            facts=[
                (
                    partners[tenant_id],
                    pgettext("friend", "%(after)s instead of %(before)s")
                    % {"after": percent(said["after"]), "before": percent(before)},
                )
                for tenant_id, before in rates.items()
                if tenant_id in partners
            ],
        )
    return Told(friend, mail)


def _tell_managers(message: Message) -> None:
    """Send the words to all managers of the partner, each in their language."""
    with inside(message.tenant_id) as tenant:
        url = settings_url(tenant)
        for manager in managers():
            with speaking(manager.language):
                send_mail(
                    mail=_planned(message, tenant, url),
                    sender=partner_sender(tenant),
                    recipient=manager.email,
                    language=manager.language,
                    key=message.key,
                )


def _planned(message: Message, tenant: Tenant, url: str) -> Mail:
    before, after, days = _figures(message)
    return Mail(
        subject=_("The commission of %(partner)s changes") % {"partner": tenant.name},
        heading=_("The commission of %(partner)s changes") % {"partner": tenant.name},
        paragraphs=[
            _("The commission on the jobs below will be %(after)s instead of %(before)s, %(days)s.")
            % {"after": after, "before": before, "days": days},
            _(
                "Your customers' prices stay the same, and existing orders keep their commission. "
                "Friends have been notified as well."
            ),
        ],
        button=_("See all commissions"),
        url=url,
        facts=[(_("Jobs"), _about(message, tenant))],
    )


COMMISSION_NOTICES: dict[str, Handler] = {
    # It is announced on every channel, whatever a friend has switched off.
    ToFriend.COMMISSION_PLANNED: FriendNotice(_tell_friend, None),
    ToFriend.BASE_RATE_PLANNED: FriendNotice(_tell_friend_of_base_rate, None),
    ToManagers.COMMISSION_PLANNED: _tell_managers,
}
