"""Mails to the platform's operators about what differs from the books."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.links import reconciliation_url
from journeys.topics import ToOperators
from kernel.money import format_money
from kernel.wording.dates import Place, write_day
from notices.channels import to_operators
from notifications.mail import Mail
from outbox.models import Message
from outbox.services import Handler
from reconciliation.models import Difference
from reconciliation.selectors import open_differences


def _found(message: Message, language: str) -> Mail | None:
    """Return the words, unless all of it is gone or decided."""
    found = list(open_differences(message.reference["differences"].split(",")))
    if not found:
        return None
    count = int(message.reference["count"])
    said = ngettext(
        "The comparison has found %(count)d new difference.",
        "The comparison has found %(count)d new differences.",
        count,
    )
    return Mail(
        subject=_("Differences found in the nightly reconciliation"),
        heading=_("The books differ from what others report"),
        paragraphs=[said % {"count": count}, _("Please look into it, or set a difference aside with a reason.")],
        button=_("See the differences"),
        url=reconciliation_url(language),
        facts=[_fact(one, language) for one in found],
    )


def _fact(one: Difference, language: str) -> tuple[str, str]:
    amount = format_money(one.amount_minor, one.currency, language=language)
    return (
        f"{one.get_party_display()}, {one.get_kind_display()}",
        f"{amount}, {write_day(one.since, 'calendar_day', Place.SINCE)}",
    )


RECONCILIATION_NOTICES: dict[str, Handler] = {ToOperators.DIFFERENCES_FOUND: to_operators(_found)}
