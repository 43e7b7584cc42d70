"""What a reminder of an open invoice says, whoever is reminded."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from kernel.wording.dates import Place, write_day


@dataclass(frozen=True)
class ReminderWords:
    """The parts of a mail in the language that is active."""

    subject: str
    heading: str
    paragraphs: tuple[str, str]


def reminder_words(*, number: str, sender: str, pay_by: date, step: int, is_last: bool) -> ReminderWords:
    """Return the words of the ``step``-th reminder of an invoice from a sender; the last one is firmer."""
    if is_last and step > 1:
        subject, heading = _("Last reminder: invoice %(number)s from %(brand)s"), _("Last reminder")
        words = _(
            "we have not received your payment despite our reminders. Please pay what is still owed %(by_day)s; after "
            "that we'll decide about further steps."
        )
    elif step > 1:
        subject, heading = _("Another reminder: invoice %(number)s from %(brand)s"), _("Another reminder")
        words = _("we still have not received your payment. Please pay what is still owed %(by_day)s.")
    else:
        subject, heading = _("Reminder: invoice %(number)s from %(brand)s"), _("Payment reminder")
        words = _("you may have missed this invoice. Please pay what is still owed %(by_day)s.")
    return ReminderWords(
        subject % {"number": number, "brand": sender},
        heading,
        (
            words % {"by_day": write_day(pay_by, "calendar_day", Place.BY)},
            _("If you have paid in the last few days, please ignore this email. The invoice is attached once more."),
        ),
    )
