"""The states of an order and the moves that are allowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrderState(models.TextChoices):
    """State of an order, in the words its customer reads."""

    DRAFT = "draft", _("Draft")
    PAYING = "paying", _("Waiting for payment")
    SEARCHING = "searching", _("Looking for a friend")
    ACCEPTED = "accepted", _("Friend found")
    CONTACTED = "contacted", _("In contact")
    SCHEDULED = "scheduled", _("Appointment confirmed")
    ESCALATED = "escalated", _("A pro is needed")
    DONE = "done", _("Work done")
    CONFIRMED = "confirmed", _("Completed")
    UNFILLED = "unfilled", _("Nobody found yet")
    CANCELLED = "cancelled", _("Cancelled")


ORDER_MOVES: dict[str, set[str]] = {
    OrderState.DRAFT: {OrderState.SEARCHING, OrderState.PAYING},
    # Nobody is asked before the money is there, or another way to pay is chosen.
    OrderState.PAYING: {OrderState.SEARCHING, OrderState.CANCELLED},
    OrderState.SEARCHING: {OrderState.ACCEPTED, OrderState.UNFILLED, OrderState.CANCELLED},
    OrderState.UNFILLED: {OrderState.SEARCHING, OrderState.CANCELLED},
    # Back to the search: the friend gave the job back, or the manager passed it on.
    OrderState.ACCEPTED: {
        OrderState.CONTACTED,
        OrderState.SCHEDULED,
        OrderState.SEARCHING,
        OrderState.CANCELLED,
    },
    OrderState.CONTACTED: {
        OrderState.SCHEDULED,
        OrderState.SEARCHING,
        OrderState.ESCALATED,
        OrderState.DONE,
        OrderState.CANCELLED,
    },
    # Back to contact: somebody was not there, and the two agree on a new date.
    OrderState.SCHEDULED: {
        OrderState.CONTACTED,
        OrderState.SEARCHING,
        OrderState.ESCALATED,
        OrderState.DONE,
        OrderState.CANCELLED,
    },
    # The customer lets a pro come for the new price, or ends the order with the diagnosis.
    OrderState.ESCALATED: {OrderState.SEARCHING, OrderState.DONE, OrderState.CANCELLED},
    OrderState.DONE: {OrderState.CONFIRMED},
    OrderState.CONFIRMED: set(),
    # Only where the customer could not be reached and is back (orders.disruptions.reopen).
    OrderState.CANCELLED: {OrderState.SEARCHING},
}


# States in which friend and customer arrange a date.
ARRANGING = {OrderState.ACCEPTED, OrderState.CONTACTED, OrderState.SCHEDULED}


# States in which the customer can wish for other times: nobody has accepted.
TIMES_ARE_OPEN = {OrderState.SEARCHING, OrderState.UNFILLED}


# Kinds of lines in an order's log by which a page or mail decides what it says.
WAVE_OPENED, SEARCH_WAITS, GIVEN_UP, NOT_PAID = "wave_opened", "search_waits", "given_up", "not_paid"
WITHDRAWN = "withdrawn"
NO_SHOW_ENDED = "no_show_ended"
FEE_OBJECTED, FEE_STANDS, FEE_WAIVED = "fee_objected", "fee_stands", "fee_waived"


class AppointmentState(models.TextChoices):
    """State of a proposed date."""

    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    REPLACED = "replaced", _("Replaced by another")


class Side(models.TextChoices):
    """Who acts."""

    CUSTOMER = "customer", _("Customer")
    FRIEND = "friend", _("Friend")
    MANAGER = "manager", _("Community manager")
    SYSTEM = "system", _("Quartett")


class Source(models.TextChoices):
    """Where an order came from."""

    WEB = "web", _("Brand site")
    PHONE = "phone", _("Booked by phone")
    API = "api", _("Partner API")


class Attention(models.TextChoices):
    """Why an order is on the manager's desk."""

    NONE = "", _("Nothing")
    NOBODY_FOUND = "nobody_found", _("Nobody found")
    CONTACT_OVERDUE = "contact_overdue", _("Friend has not made contact in time")
    NO_SHOW = "no_show", _("Somebody was not there at the agreed time")
    UNREACHABLE = "unreachable", _("The customer cannot be reached")
    LOW_RATING = "low_rating", _("Low rating")
    ESCALATION_LAPSED = "handover_lapsed", _("The customer has not said whether a pro may come")
    PRO_WANTED = "pro_wanted", _("The friend asks for a pro, but there is none nearby")
    TEXT_REPORTED = "text_reported", _("A text with contact details was reported")
    NOT_DONE = "not_done", _("The customer says that the work is not done")
    WITHDRAWN = "withdrawn", _("The customer has withdrawn from the contract")


class Criterion(models.TextChoices):
    """What a customer rates besides the whole, each with 1 to 5 stars."""

    PUNCTUAL = "punctual", _("Punctuality")
    SKILLED = "skilled", _("Skill")
    CLEAR = "clear", _("Clear explanations")
    FRIENDLY = "friendly", _("Friendliness")


class CustomerCriterion(models.TextChoices):
    """What a friend rates of a customer, each with 1 to 5 stars."""

    PRESENT = "present", _("Was there at the agreed time")
    DESCRIBED = "described", _("The problem was as described")
    POLITE = "polite", _("Politeness")


class EscalationState(models.TextChoices):
    """How far the escalation to a pro is."""

    PROPOSED = "proposed", _("Waiting for the customer")
    APPROVED = "approved", _("Approval given")
    DECLINED = "declined", _("Declined")


class Words(models.TextChoices):
    """Whose words: what each side says of the other, and what the friend replies."""

    REVIEW = "review", _("The customer's comment")
    CUSTOMER_REVIEW = "customer_review", _("The friend's comment on the customer")
    REPLY = "reply", _("The friend's reply")


class ExtraState(models.TextChoices):
    """What became of extra work that a friend has proposed."""

    PROPOSED = "proposed", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Agreed to")
    DECLINED = "declined", _("Declined")
    TAKEN_BACK = "taken_back", _("Proposal taken back")
    LAPSED = "lapsed", _("Ended with the order")


class TextPlace(models.TextChoices):
    """Where a text stands that one side writes before acceptance and the other reads."""

    ANSWER = "answer", _("The customer's answer when booking")
    QUESTION = "question", _("A friend's question")
    REPLY = "reply", _("The customer's answer to a friend")
    TIMES = "times", _("A friend's message with other times")


class ObjectionOutcome(models.TextChoices):
    """What came of it when a customer said that the work is not done."""

    MENDED = "mended", _("The friend has done the rest")
    WITHDRAWN = "withdrawn", _("The customer says that it is done after all")
    STANDS = "stands", _("The work counts as done")
    REFUND = "refund", _("Closed with a refund")


class CaseOutcome(models.TextChoices):
    """What came of a low rating."""

    TALKED = "talked", _("Talked to the friend")
    APOLOGISED = "apologised", _("Apologised to the customer")
    REFUND = "refund", _("Asked for a refund")
    NOTHING = "nothing", _("No action needed")
