"""An order's log and its job's, as one list of sentences in the manager's language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from console.orders.friend_names import FriendNames
from dispatch.models import Job, JobEvent
from dispatch.states import DeclineReason, GiveBackReason
from kernel.templatetags.quartett import money, percent
from kernel.wording.dates import Place, write_moment
from kernel.wording.texts import labelled
from orders.models import Order, OrderEvent
from orders.states import FEE_OBJECTED, FEE_STANDS, FEE_WAIVED, CaseOutcome, ObjectionOutcome, TextPlace, Words

_REASONED = ("given_back", "passed_on")


@dataclass(frozen=True)
class Line:
    """One thing that happened: when, what, and who did it."""

    at: datetime
    text: str
    who: str


def lines_of(order: Order, job: Job, names: FriendNames) -> list[Line]:
    """Return all that happened to an order, oldest first."""
    lines = [_order_line(event) for event in order.events.all()]
    lines += [line for event in job.events.all() if (line := _job_line(event, names)) is not None]
    return sorted(lines, key=lambda line: line.at)


def _order_line(event: OrderEvent) -> Line:
    return Line(event.at, _order_text(event.kind, event.detail), event.who or event.get_side_display())


def _job_line(event: JobEvent, names: FriendNames) -> Line | None:
    """Return a line for what only the crowd's side knows: who said no, and why."""
    if event.kind != "declined":
        return None
    who = names.name(event.friend) if event.friend else ""
    reason = event.detail.get("reason", "")
    if reason not in DeclineReason.values:
        return Line(event.at, _("Declined the offer"), who)
    return Line(event.at, _("Declined the offer (%(reason)s)") % {"reason": DeclineReason(reason).label}, who)


def _order_text(kind: str, detail: dict[str, Any]) -> str:
    if kind == "wave_opened":
        return _wave_text(detail)
    if kind == "search_waits":
        until = write_moment(parse_datetime(detail["until"]), "short_moment", Place.FROM)
        return _("Quiet hours: friends are asked %(from_then)s") % {"from_then": until}
    if "starts_at" in detail:
        moment = date_format(localtime(parse_datetime(detail["starts_at"])), "SHORT_DATETIME_FORMAT")
        return _dated_texts()[kind] % {"moment": moment}
    if kind in {"rated", "ratings_shown"} and "stars" in detail:
        return ngettext("Rated with %(stars)d star", "Rated with %(stars)d stars", detail["stars"]) % detail
    if kind in {"words_reported", "words_hidden", "words_kept"}:
        return _words_text(kind, detail)
    if kind == "case_note":
        return _("Note on the case: %(text)s") % detail
    if kind == "case_closed":
        return _("Case closed (%(outcome)s): %(words)s") % {**detail, "outcome": CaseOutcome(detail["outcome"]).label}
    if kind == "crossed":
        return _crossed_text(detail)
    if kind == "split_changed":
        return _("The commission is %(after)s instead of %(before)s; the price stays") % {
            "before": percent(detail["before_bp"]),
            "after": percent(detail["after_bp"]),
        }
    if kind in {"not_done", "sent_back", FEE_OBJECTED, FEE_STANDS, FEE_WAIVED}:
        return labelled(_texts()[kind], detail["words"])
    if kind == "objection_closed":
        outcome = str(ObjectionOutcome(detail["outcome"]).label)
        return labelled(outcome, detail["words"]) if detail["words"] else outcome
    if kind == "pro_wanted":
        return _("Asks for a pro, but there is none nearby: %(words)s") % detail
    if kind == "withdrawal_decided":
        text = _("Settled the withdrawal: the customer owes %(owed)s") % {
            "owed": money(detail["owed_minor"], detail["currency"])
        }
        return labelled(text, detail["words"]) if detail["words"] else text
    if kind == "tip_given":
        text = _("Gave a tip of %(amount)s in cash") if detail["is_cash"] else _("Gave a tip of %(amount)s by card")
        return text % {"amount": money(detail["amount_minor"], detail["currency"])}
    if kind.startswith("extra_"):
        return labelled(
            _texts()[kind]
            % {
                "before": money(detail["before_minor"], detail["currency"]),
                "after": money(detail["after_minor"], detail["currency"]),
            },
            detail["words"],
        )
    if kind == "text_reported":
        return _("Reports a text: %(words)s") % detail
    if kind in {"text_hidden", "text_shown"}:
        return _texts()[kind] % {"label": TextPlace(detail["place"]).label}
    if kind == "cancelled" and detail.get("fee_minor"):
        return _("Cancelled for a fee of %(fee)s") % {"fee": money(detail["fee_minor"], detail["currency"])}
    if kind == "cancelled" and detail.get("why"):
        return _("Cancelled: %(why)s") % detail
    if kind in _REASONED and detail.get("why"):
        return _texts()[kind] + ": " + reason_text(detail["why"])
    return _texts().get(kind, kind)


def reason_text(why: str) -> str:
    """Return a friend's reason in words, or a manager's own words."""
    return str(GiveBackReason(why).label) if why in GiveBackReason.values else why


def _crossed_text(detail: dict[str, Any]) -> str:
    if detail.get("partner"):
        return _("Passed to the community of %(partner)s by contract") % detail
    return _("Passed to the shared crowd by contract")


def _wave_text(detail: dict[str, Any]) -> str:
    if detail.get("partner"):
        text = ngettext(
            "Round %(wave)d: %(offers)d friend of %(partner)s was asked",
            "Round %(wave)d: %(offers)d friends of %(partner)s were asked",
            detail["offers"],
        )
    elif detail.get("crowd"):
        text = ngettext(
            "Round %(wave)d: %(offers)d friend of the shared crowd was asked",
            "Round %(wave)d: %(offers)d friends of the shared crowd were asked",
            detail["offers"],
        )
    else:
        text = ngettext(
            "Round %(wave)d: %(offers)d friend of your community was asked",
            "Round %(wave)d: %(offers)d friends of your community were asked",
            detail["offers"],
        )
    return text % detail


def _words_text(kind: str, detail: dict[str, Any]) -> str:
    texts = {
        "words_reported": _("%(about)s was reported: %(reason)s"),
        "words_hidden": _("%(about)s has been hidden: %(reason)s"),
        "words_kept": _("Kept – %(about)s: %(reason)s"),
    }
    return texts[kind] % {**detail, "about": Words(detail["about"]).label}


def _texts() -> dict[str, str]:
    return {
        "placed": _("Order placed"),
        "paid": _("Paid online"),
        "paid_on_site": _("Paid by card on site"),
        "not_paid": _("The order was not paid in time"),
        "way_to_pay_changed": _("Changed the way to pay"),
        "accepted": _("Accepted the job"),
        "contacted": _("Contacted the customer"),
        "done": _("Reported the work as done"),
        "confirmed": _("Confirmed the completion"),
        "nobody_found": _("Nobody was found"),
        "given_up": _("Nobody was found; the order was closed under the last-resort rule"),
        "contact_overdue": _("The friend has not made contact in time"),
        "search_again": _("Started a new search"),
        "cancelled": _("Cancelled"),
        "withdrawn": _("Withdrew from the contract"),
        "withdrawal_waits": _("Waits for a decision about the withdrawal"),
        "extra_proposed": _("Proposes %(after)s instead of %(before)s"),
        "extra_accepted": _("Agrees to %(after)s instead of %(before)s"),
        "extra_declined": _("Declines %(after)s; the price stays at %(before)s"),
        "extra_taken_back": _("Takes back the proposal of %(after)s; the price stays at %(before)s"),
        "rated": _("Rated the work"),
        "customer_rated": _("Rated the customer"),
        "ratings_shown": _("The ratings are shown to both sides"),
        "replied": _("Replied to the rating"),
        "case_opened": _("A low rating has opened a case"),
        "given_back": _("Gave the job back"),
        "passed_on": _("Passed the job on to other friends"),
        "no_show": _("Reported that the other side was not there"),
        "date_cleared": _("Asked for a new appointment"),
        FEE_OBJECTED: _("Objects to the fee"),
        FEE_STANDS: _("The fee stands"),
        FEE_WAIVED: _("Waived the fee"),
        "no_show_ended": _("Ended the order: the customer was not there"),
        "unreachable": _("Ended the order: the customer could not be reached"),
        "customer_is_back": _("Is back and wants the work done"),
        "reopened": _("Resumed the order"),
        "off_desk": _("Marked the order as handled"),
        "escalated": _("Found that a pro is needed, and asked the customer"),
        "pro_approved": _("Approved the new price; a pro takes over"),
        "pro_declined": _("Declined a pro; the order ends with the diagnosis"),
        "pro_lapsed": _("No answer about the pro; the order ends with the diagnosis"),
        "question_asked": _("Asked a question before deciding"),
        "question_answered": _("Answered a friend's question"),
        "times_proposed": _("Proposed other times"),
        "times_withdrawn": _("Other times were withdrawn"),
        "times_declined": _("Turned down the other times"),
        "times_lapsed": _("Other times have lapsed"),
        "not_done": _("Says that the work is not done"),
        "sent_back": _("Sent the friend back to do the rest"),
        "windows_changed": _("Changed the preferred times"),
        "text_hidden": _("Hid a text: %(label)s"),
        "text_shown": _("Showed a text again: %(label)s"),
        "waits_for_times": _("The preferred times have passed; the customer is asked for new ones"),
        "waits_for_choice": _("Everyone has been asked; the customer can choose another time"),
    }


def _dated_texts() -> dict[str, str]:
    return {
        "appointment_proposed": _("Proposed an appointment: %(moment)s"),
        "appointment_agreed": _("Confirmed the appointment: %(moment)s"),
    }
