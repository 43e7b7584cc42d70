"""What can go wrong with an order."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.errors import DomainError


class IllegalOrderMove(DomainError):
    """The order's state does not allow this step."""

    message = _("This step is not possible in the current state of the order.")
    code = "illegal_order_move"


class CancellingCostsMore(DomainError):
    """The fee for cancelling is higher than the customer was shown."""

    message = _("Cancelling costs more by now than was shown to you. Please check the new fee before you cancel.")
    code, status = "cancelling_costs_more", 409


class UnableToPlaceOrder(DomainError):
    """Something that must be known is missing or wrong; ``fields`` says what, by step and field."""

    message = _("Some details are still missing.")
    code, status = "order_incomplete", 422

    def __init__(self, fields: dict[str, Any]) -> None:
        super().__init__()
        self.fields = fields


class ReferenceTaken(DomainError):
    """The partner's system has placed an order under this reference before; ``order_uuid`` is that order."""

    message = _("An order with this reference was placed before.")
    code, status = "reference_taken", 409

    def __init__(self, order_uuid: UUID) -> None:
        super().__init__()
        self.order_uuid = order_uuid


class AttachmentUnknown(DomainError):
    """An attachment has one use, within a day."""

    message = _("We do not know this attachment, or it has already been used. Please upload it again.")
    code, status = "attachment_unknown", 422


class TooManyAttachments(DomainError):
    """At most 500 attachments wait for their use at a time; each waits for a day at most."""

    message = _("Too many attachments have not been used yet. Please use some of them first, or try again tomorrow.")
    code, status = "too_many_attachments", 409


class ExtraIsOpen(DomainError):
    """One proposal at a time, and none while the job is closed or handed over."""

    message = pgettext_lazy(
        "friend", "The customer has not answered your proposal of extra work yet. Wait for it, or take it back first."
    )
    code = "extra_is_open"


class ExtraAnswered(DomainError):
    """The proposal was answered the other way, taken back, or has ended with the order."""

    message = _("This proposal is no longer open. The order continues as shown here.")
    code = "extra_answered"


class PriceOutOfRange(DomainError):
    """A proposed change must be one, and leave a price that an order can have."""

    message = pgettext_lazy("friend", "Please enter an amount with which the price is above zero and at most tripled.")
    code, status = "price_out_of_range", 422


class TipGiven(DomainError):
    """One tip for an order."""

    message = _("You have already given a tip for this order. Thank you.")
    code = "tip_given"


class OrderBeingPaid(DomainError):
    """One payment at a time: first the order, then the tip."""

    message = _("Your order is being paid at this moment. Please give the tip afterwards.")
    code = "order_being_paid"


class TipOutOfRange(DomainError):
    """A tip is an amount that can be paid, and not a slip of the finger."""

    message = _("Please enter a tip from 1 to 200.")
    code, status = "tip_out_of_range", 422


class OwedOutOfRange(DomainError):
    """Nobody owes more for a withdrawal than for the work."""

    message = _("Please enter an amount between zero and the price.")
    code, status = "owed_out_of_range", 422


class WorkHasBegun(DomainError):
    """Once the work has begun, who ends the order withdraws from the contract, and somebody decides what is owed."""

    message = _(
        "The agreed time has come. If you do not want the work to go on, please withdraw from the contract. If nobody "
        "came, please report that."
    )
    code, status = "work_has_begun", 409


class WithdrawalIsOpen(DomainError):
    """Nothing is confirmed or rated while a manager decides about a withdrawal."""

    message = _("The withdrawal from this order has to be decided first.")
    code, status = "withdrawal_is_open", 409


class NoOpenProposal(DomainError):
    """There is no date to answer, or it is the own one."""

    message = _("There is no proposed appointment to reply to.")
    code = "no_open_proposal"


class DateInThePast(DomainError):
    """A date must lie ahead."""

    message = _("Please choose a time in the future.")
    code, status = "date_in_the_past", 422


class UnusualTime(DomainError):
    """A visit is far ahead or at an unusual hour; whoever means it says so. The message says what is unusual."""

    code, status = "unusual_time", 422


class AlreadyRated(DomainError):
    """One rating an order."""

    message = _("You have already rated this order. Thank you.")
    code = "already_rated"


class RatingIsOver(DomainError):
    """Ratings have their time."""

    message = _("The time for ratings of this order is over.")
    code = "rating_is_over"


class StarsOutOfRange(DomainError):
    """One to five stars, for the whole and for each criterion."""

    message = _("Please choose one to five stars.")
    code, status = "stars_out_of_range", 422


class NothingToReport(DomainError):
    """Only the other side's words can be reported, once they are shown, and once."""

    message = _("This comment cannot be reported, or has already been reported.")
    code = "nothing_to_report"


class CaseIsClosed(DomainError):
    """A case is closed once."""

    message = _("This case is closed already.")
    code = "case_is_closed"


class CaseIsOpen(DomainError):
    """A low rating, or work that is not done, leaves the desk with its case."""

    message = _("Please close the case first.")
    code = "case_is_open"


class ReasonMissing(DomainError):
    """Whoever decides about others says why."""

    message = _("Please give a reason.")
    code, status = "reason_missing", 422


class SayWhyNow(DomainError):
    """A job is closed on or after the agreed day, or with a reason."""

    message = _("Please say why you close the job now.")
    code, status = "say_why_now", 422


class SayWhetherDone(DomainError):
    """A low rating of work that is not confirmed yet does not tell whether the work is done."""

    message = _("Please say whether the work is done.")
    code, status = "say_whether_done", 422


class ThreadIsClosed(DomainError):
    """The two write to each other from acceptance until some days after completion."""

    message = _("You can no longer write to each other about this order.")
    code = "thread_is_closed"


class NothingWritten(DomainError):
    """A message has words, a photo, or both."""

    message = _("Please write something, or add a photo.")
    code, status = "nothing_written", 422


class NoAgreedDate(DomainError):
    """Nobody can be missing where no date is agreed."""

    message = _("No appointment is agreed at the moment.")
    code = "no_agreed_date"


class TooEarlyForNoShow(DomainError):
    """People may be 15 minutes late; the message says from when it can be reported."""

    message = _("Please wait 15 minutes after the agreed time.")
    code, status = "too_early_for_no_show", 422


class TooLateToComeBack(DomainError):
    """The order ended more than seven days ago."""

    message = _("This order ended more than seven days ago. Please book once more.")
    code, status = "too_late_to_come_back", 410


class NoReportOfAbsence(DomainError):
    """An order ends for an absent customer only where the friend has reported the absence."""

    message = _("The friend has not reported that the customer was absent.")
    code = "no_report_of_absence"


class TextIsNotThere(DomainError):
    """The text is hidden already, or shown already, or gone."""

    message = _("Somebody has done that already, or the text is not there any more.")
    code, status = "text_is_not_there", 409


class VoucherRefused(DomainError):
    """A voucher does not count for this order."""

    code, status = "voucher_refused", 422


class UnknownVoucher(VoucherRefused):
    """No voucher has this code."""

    message = _("We do not know this code. Please check it letter by letter.")


class VoucherNotYet(VoucherRefused):
    """Its first day is still to come."""

    message = _("This voucher is not valid yet.")


class VoucherExpired(VoucherRefused):
    """Its last day is over, or its campaign was stopped."""

    message = _("This voucher has expired.")


class VoucherNotForPackage(VoucherRefused):
    """It is for other packages, or for another currency."""

    message = _("This voucher is not valid for this package.")


class VoucherIsForMore(VoucherRefused):
    """The price is below the least one."""

    message = _("This voucher is valid from a price of %(least)s.")

    def __init__(self, least: str) -> None:
        super().__init__(str(self.message) % {"least": least})


class VoucherUsedUp(VoucherRefused):
    """All its uses are taken."""

    message = _("This voucher has been used up.")


class VoucherUsedByCustomer(VoucherRefused):
    """The customer has had as many as one may."""

    message = _("You have already used this voucher.")
