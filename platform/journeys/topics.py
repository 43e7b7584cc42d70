"""The topics of the outbox by recipient: what a journey has to say, and ``notices`` makes words of.

A value is what the outbox and the inbox hold and never changes; some are older than the name beside them.
"""

from enum import StrEnum


class ToCustomer(StrEnum):
    """What is told to a customer, or to somebody on a waiting list."""

    ORDER_PLACED = "order_placed"
    FRIEND_FOUND = "friend_found"
    DATE_PROPOSED = "date_proposed_to_customer"
    DATE_AGREED = "date_agreed_to_customer"
    CONTACT_OVERDUE = "contact_overdue"
    WORK_DONE = "work_done"
    BILL_ISSUED = "bill_issued"
    BILL_DRAWN = "bill_drawn"
    ORDER_CONFIRMED = "order_confirmed"
    ORDER_UNFILLED = "order_unfilled"
    ORDER_GIVEN_UP = "order_given_up"
    ORDER_CANCELLED = "order_cancelled"
    QUESTION_ARRIVED = "question_arrived"
    TIMES_PROPOSED = "times_proposed"
    ONLY_OTHER_TIMES = "only_other_times"
    MESSAGE_ARRIVED = "message_to_customer"
    ORDER_PASSED_ON = "order_passed_on"
    YOU_WERE_ABSENT = "you_were_absent"
    NEW_DATE_WANTED = "new_date_wanted"
    ORDER_ENDED_ABSENT = "order_ended_absent"
    ORDER_ENDED_UNREACHABLE = "order_ended_unreachable"
    ORDER_REOPENED = "order_reopened"
    PRO_PROPOSED = "handover_proposed"
    PRO_APPROVED = "handover_agreed"
    PRO_DECLINED = "handover_refused"
    REST_DONE = "rest_done"
    FRIEND_SENT_BACK = "friend_sent_back_to_customer"
    OBJECTION_SETTLED = "objection_settled_to_customer"
    RATE_REMINDER = "rate_reminder"
    RATINGS_SHOWN = "ratings_shown"
    RATING_REPLY = "rating_reply"
    WORDS_DECIDED = "words_decided_to_customer"
    PAYMENT_RETURNED = "payment_returned"
    WRONG_PAYMENT_RETURNED = "wrong_payment_returned"
    ORDER_NOT_PAID = "order_not_paid"
    CARD_REPLACED = "card_replaced"
    PLACE_WISHED = "place_wish"
    PLACE_COVERED = "place_covered"


class ToFriend(StrEnum):
    """What is told to a friend, or to somebody who signs up as one."""

    OFFER_MADE = "offer_made"
    TIMES_CHANGED = "times_changed"
    ANSWER_ARRIVED = "answer_arrived"
    TIME_CHOSEN = "time_chosen"
    TIMES_LAPSED = "times_lapsed"
    TIMES_TAKEN = "times_taken"
    TIMES_DECLINED = "times_declined"
    TIMES_WITHOUT_ROOM = "times_without_room"
    JOB_YOURS = "job_yours"
    CONTACT_REMINDER = "contact_reminder"
    CONTACT_LAST_CALL = "contact_last_call"
    DATE_PROPOSED = "date_proposed_to_friend"
    DATE_AGREED = "date_agreed_to_friend"
    MESSAGE_ARRIVED = "message_to_friend"
    JOB_CANCELLED = "job_cancelled"
    JOB_PASSED_ON = "job_passed_on"
    JOB_ENDED = "job_ended"
    YOU_WERE_MISSED = "you_were_missed"
    NEW_DATE_WANTED = "new_date_wanted_by_friend"
    ESCALATION_APPROVED = "handover_approved"
    ESCALATION_DECLINED = "handover_declined"
    WORK_NOT_DONE = "work_not_done"
    SENT_BACK = "friend_sent_back_to_friend"
    OBJECTION_SETTLED = "objection_settled_to_friend"
    RATING_ARRIVED = "rating_arrived"
    WORDS_DECIDED = "words_decided_to_friend"
    REVIEW_ANSWERED = "review_answered"
    SIGNED_UP = "friend_signed_up"
    ADDRESS_KNOWN = "friend_known"
    PASSWORD_RESET = "friend_password_reset"
    AGE_CHECKED = "age_checked"
    DOCUMENT_REFUSED = "document_refused"
    PRO_APPROVED = "pro_approved"
    INSURANCE_RUNS_OUT = "insurance_runs_out"
    CERTIFICATE_ISSUED = "certificate_issued"
    CERTIFICATE_ENDS_SOON = "certificate_ends_soon"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_REVOKED = "certificate_revoked"
    PAYOUT_ACCOUNT_ENTERED = "payout_account_entered"
    PAYOUT_ORDERED = "payout_ordered"
    PAYOUT_CONFIRMED = "payout_confirmed"
    PAYOUT_REFUSED = "payout_refused"
    PAYOUTS_HELD = "payouts_held"
    PAYOUTS_LIFTED = "payouts_lifted"
    CASHLESS_ONLY = "cashless_only"
    CASH_AGAIN = "cash_again"
    TRIAL = "notice_trial"


class ToManagers(StrEnum):
    """What is told to a partner's community managers."""

    ORDER_UNFILLED = "desk_unfilled"
    ORDER_GIVEN_UP = "desk_given_up"
    CONTACT_OVERDUE = "desk_overdue"
    TEXT_REPORTED = "desk_text_reported"
    JOB_GIVEN_BACK = "desk_given_back"
    NO_SHOW = "desk_no_show"
    UNREACHABLE = "desk_unreachable"
    CUSTOMER_IS_BACK = "desk_customer_is_back"
    ESCALATION_LAPSED = "desk_handover_lapsed"
    PRO_WANTED = "desk_pro_wanted"
    WORK_NOT_DONE = "desk_not_done"
    LOW_RATING = "desk_low_rating"
    WORDS_REPORTED = "desk_words_reported"
    DOCUMENT_WAITS = "document_waits"
    SUPPORT_GRANTED = "support_granted"


class ToOperators(StrEnum):
    """What is told to the platform's operators."""

    DOCUMENT_WAITS = "document_waits_for_operators"
    REVIEW_ASKED = "review_asked"
    REVIEW_URGENT = "review_urgent"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_CLOSED = "dispute_closed"
    PAYMENT_WRONG = "payment_wrong"
    REFUND_FAILED = "refund_failed"


class ToStaff(StrEnum):
    """What is told to one person of a partner or of the platform."""

    INVITED = "manager_invited"
    PASSWORD_RESET = "password_reset"


Topic = ToCustomer | ToFriend | ToManagers | ToOperators | ToStaff
EVERY_TOPIC = (*ToCustomer, *ToFriend, *ToManagers, *ToOperators, *ToStaff)
