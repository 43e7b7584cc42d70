"""The tables of orders. Everything here lives in a partner's schema."""

from orders.models.attachments import Attachment
from orders.models.drafts import BookingDraft, DraftPhoto
from orders.models.escalations import Escalation, EscalationPhoto
from orders.models.extras import Extra
from orders.models.fed import FedOrder
from orders.models.orders import Answer, Order, OrderEvent, TimeWindow
from orders.models.places import PlaceWish
from orders.models.ratings import CustomerReview, RatingCase, Review, WordsReport
from orders.models.texts import HiddenText, ThreadMessage
from orders.models.tips import Tip
from orders.models.vouchers import Redemption
from orders.models.withdrawals import EarlyStart, Withdrawal
from orders.models.work import Appointment, Objection, Report, Signature

__all__ = [
    "Answer",
    "Appointment",
    "Attachment",
    "BookingDraft",
    "CustomerReview",
    "DraftPhoto",
    "EarlyStart",
    "Escalation",
    "EscalationPhoto",
    "Extra",
    "FedOrder",
    "HiddenText",
    "Objection",
    "Order",
    "OrderEvent",
    "PlaceWish",
    "RatingCase",
    "Redemption",
    "Report",
    "Review",
    "Signature",
    "ThreadMessage",
    "TimeWindow",
    "Tip",
    "Withdrawal",
    "WordsReport",
]
