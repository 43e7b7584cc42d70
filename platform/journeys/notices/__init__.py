"""What is told to whom, in words: a handler for each topic of the outbox. Words are made when a notice is delivered."""

from journeys.notices.aftermath import AFTERMATH_NOTICES
from journeys.notices.customers import CUSTOMER_NOTICES
from journeys.notices.customers_questions import CUSTOMER_QUESTION_NOTICES
from journeys.notices.friends import FRIEND_NOTICES
from journeys.notices.friends_questions import FRIEND_QUESTION_NOTICES
from journeys.notices.managers import MANAGER_NOTICES
from journeys.notices.reviews import REVIEW_NOTICES
from journeys.notices.support import SUPPORT_NOTICES

HANDLERS = {
    **AFTERMATH_NOTICES,
    **CUSTOMER_NOTICES,
    **CUSTOMER_QUESTION_NOTICES,
    **FRIEND_NOTICES,
    **FRIEND_QUESTION_NOTICES,
    **MANAGER_NOTICES,
    **REVIEW_NOTICES,
    **SUPPORT_NOTICES,
}
