"""What is told to whom, in words: a handler for each topic of the outbox. Words are made when a notice is delivered."""

from journeys.notices.aftermath import AFTERMATH_NOTICES
from journeys.notices.customers import CUSTOMER_NOTICES
from journeys.notices.friends import FRIEND_NOTICES
from journeys.notices.managers import MANAGER_NOTICES
from journeys.notices.ratings import RATING_NOTICES
from journeys.notices.reviews import REVIEW_NOTICES
from journeys.notices.support import SUPPORT_NOTICES

HANDLERS = {
    **AFTERMATH_NOTICES,
    **CUSTOMER_NOTICES,
    **FRIEND_NOTICES,
    **MANAGER_NOTICES,
    **RATING_NOTICES,
    **REVIEW_NOTICES,
    **SUPPORT_NOTICES,
}
