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
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    TAKEN = "taken", _("Taken by another friend")
    EXPIRED = "expired", _("Time is up")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class DeclineReason(models.TextChoices):
    """Why a friend says no; declining never costs anything."""

    NO_TIME = "no_time", _("No time at these hours")
    TOO_FAR = "too_far", _("Too far away")
    NOT_MY_SKILL = "not_my_skill", _("Not what I am good at")
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
