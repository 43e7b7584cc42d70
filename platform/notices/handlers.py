"""What is told to whom, in words: a handler for each topic of the outbox. Words are made when a notice is delivered."""

from notices.channels import channel_handlers
from notices.event.guests import GUEST_NOTICES
from notices.friend.certificates import CERTIFICATE_NOTICES
from notices.friend.documents import DOCUMENT_NOTICES
from notices.friend.events import FRIEND_EVENT_NOTICES
from notices.friend.joining import JOINING_NOTICES
from notices.friend.payouts import PAYOUT_NOTICES
from notices.friend.reviews import REVIEW_NOTICES
from notices.friend.tax import TAX_NOTICES
from notices.friend.trial import TRIAL_NOTICES
from notices.order.bills import BILL_NOTICES
from notices.order.card_desk import CARD_DESK_NOTICES
from notices.order.customers import CUSTOMER_NOTICES
from notices.order.customers_questions import CUSTOMER_QUESTION_NOTICES
from notices.order.disruptions import DISRUPTION_NOTICES
from notices.order.escalations import ESCALATION_NOTICES
from notices.order.extras import EXTRA_NOTICES
from notices.order.friends import FRIEND_NOTICES
from notices.order.friends_questions import FRIEND_QUESTION_NOTICES
from notices.order.managers import MANAGER_NOTICES
from notices.order.not_done import NOT_DONE_NOTICES
from notices.order.payments import PAYMENT_NOTICES
from notices.order.places import PLACE_NOTICES
from notices.order.ratings import RATING_NOTICES
from notices.order.reconciliation import RECONCILIATION_NOTICES
from notices.order.thread import THREAD_NOTICES
from notices.order.tips import TIP_NOTICES
from notices.order.ways_to_pay import WAY_TO_PAY_NOTICES
from notices.order.withdrawals import WITHDRAWAL_NOTICES
from notices.partner.commissions import COMMISSION_NOTICES
from notices.partner.endpoints import ENDPOINT_NOTICES
from notices.partner.invoices import PARTNER_INVOICE_NOTICES
from notices.partner.newsletters import NEWSLETTER_NOTICES
from notices.partner.support import SUPPORT_NOTICES
from outbox.services import Handler

_NOTICES: dict[str, Handler] = {
    **BILL_NOTICES,
    **DISRUPTION_NOTICES,
    **CARD_DESK_NOTICES,
    **CERTIFICATE_NOTICES,
    **COMMISSION_NOTICES,
    **CUSTOMER_NOTICES,
    **CUSTOMER_QUESTION_NOTICES,
    **DOCUMENT_NOTICES,
    **FRIEND_NOTICES,
    **FRIEND_EVENT_NOTICES,
    **ENDPOINT_NOTICES,
    **ESCALATION_NOTICES,
    **GUEST_NOTICES,
    **EXTRA_NOTICES,
    **TRIAL_NOTICES,
    **JOINING_NOTICES,
    **FRIEND_QUESTION_NOTICES,
    **MANAGER_NOTICES,
    **NEWSLETTER_NOTICES,
    **NOT_DONE_NOTICES,
    **PARTNER_INVOICE_NOTICES,
    **PAYMENT_NOTICES,
    **PAYOUT_NOTICES,
    **PLACE_NOTICES,
    **RATING_NOTICES,
    **RECONCILIATION_NOTICES,
    **REVIEW_NOTICES,
    **SUPPORT_NOTICES,
    **TAX_NOTICES,
    **THREAD_NOTICES,
    **TIP_NOTICES,
    **WAY_TO_PAY_NOTICES,
    **WITHDRAWAL_NOTICES,
}
HANDLERS = _NOTICES | channel_handlers(_NOTICES)
