"""The states of jobs and offers, and the moves that are allowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """State of a job."""

    SEARCHING = "searching", _("Searching")
    ASSIGNED = "assigned", _("Assigned")
    DONE = "done", _("Done")
    UNFILLED = "unfilled", _("Nobody found")
    CANCELLED = "cancelled", _("Cancelled")


JOB_MOVES: dict[str, set[str]] = {
    JobState.SEARCHING: {JobState.ASSIGNED, JobState.UNFILLED, JobState.CANCELLED},
    JobState.UNFILLED: {JobState.SEARCHING, JobState.CANCELLED},
    JobState.ASSIGNED: {JobState.DONE, JobState.SEARCHING, JobState.CANCELLED},
    JobState.DONE: set(),
    JobState.CANCELLED: set(),
}


class OfferState(models.TextChoices):
    """State of one friend's chance."""

    OPEN = "open", _("Open")
    COUNTERED = "countered", _("Other times proposed")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    TAKEN = "taken", _("Taken by another friend")
    EXPIRED = "expired", _("Time is up")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class DeclineReason(models.TextChoices):
    """Why a friend says no; declining never costs anything."""

    NO_TIME = "no_time", _("No time at these hours")
    TOO_FAR = "too_far", _("Too far away")
    NOT_MY_SKILL = "not_my_skill", _("Not my area")
    UNCLEAR = "unclear", _("The description is unclear")
    PRICE = "price", _("Not worth it for me")
    OTHER = "other", _("Another reason")


class DeadlineKind(models.TextChoices):
    """What happens when a deadline is due."""

    WAVE_ENDS = "wave_ends"
    CONTACT_REMINDER = "contact_reminder"
    CONTACT_LAST_CALL = "contact_last_call"
    CONTACT_OVERDUE = "contact_overdue"
    CONFIRM_ANYWAY = "confirm_anyway"
    # The quiet hours are over and the next friends may be asked.
    WAVE_OPENS = "wave_opens"
    # Both sides' ratings are shown, whether both have rated or not.
    RATINGS_SHOWN = "ratings_shown"
    # The customer has not rated yet.
    RATE_REMINDER = "rate_reminder"
    # The customer has not chosen among a friend's other times.
    TIMES_LAPSE = "times_lapse"
    # The customer has not answered whether a pro may come. The stored word is older than the name.
    ESCALATION_LAPSES = "handover_lapses"
    # The customer has not paid the invoice; one row leads from reminder to reminder.
    INVOICE_REMINDER = "invoice_reminder"


# Jobs that are still somebody's concern; an order has one of them at most.
LIVE_JOBS = (JobState.SEARCHING, JobState.ASSIGNED, JobState.UNFILLED)
# Offers after which a friend may ask for the job once more.
PAST_OFFERS = (OfferState.DECLINED, OfferState.TAKEN, OfferState.EXPIRED, OfferState.WITHDRAWN)
# Offers that may still become the job's.
LIVE_OFFERS = (OfferState.OPEN, OfferState.COUNTERED)


class Seat(models.TextChoices):
    """Why somebody has a place in a wave."""

    NEAR = "near", _("One of the nearest")
    NEWCOMER = "newcomer", _("Is waiting for a first job")


class GiveBackReason(models.TextChoices):
    """Why a friend gives a job back."""

    ILL = "ill", _("Ill")
    NO_DATE = "no_date", _("No appointment found that suits both")
    TOO_HARD = "too_hard", _("More difficult than described")
    CUSTOMER_ABSENT = "customer_absent", _("The customer cannot be reached")
    OTHER = "other", _("Another reason")


class Channel(models.TextChoices):
    """How a friend has tried to reach a customer."""

    PHONE = "phone", _("Phone")
    SMS = "sms", _("Text message")
    MAIL = "mail", _("Email")
    MESSENGER = "messenger", _("Messenger")
    VISIT = "visit", _("At the door")


class OwedFor(models.TextChoices):
    """Why a friend is owed money for a job without having done the whole work."""

    DIAGNOSIS = "diagnosis", _("Diagnosis before a pro took over")
    NO_SHOW = "no_show", _("The customer was not there")
    UNREACHABLE = "unreachable", _("The customer could not be reached")
