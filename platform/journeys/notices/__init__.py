"""What is told to whom, in words: a handler for each topic of the outbox. Words are made when a notice is delivered."""

from journeys.notices.aftermath import AFTERMATH_NOTICES
from journeys.notices.certificates import CERTIFICATE_NOTICES
from journeys.notices.channels import channel_handlers
from journeys.notices.customers import CUSTOMER_NOTICES
from journeys.notices.customers_questions import CUSTOMER_QUESTION_NOTICES
from journeys.notices.documents import DOCUMENT_NOTICES
from journeys.notices.friends import FRIEND_NOTICES
from journeys.notices.friends_joining import JOINING_NOTICES
from journeys.notices.friends_questions import FRIEND_QUESTION_NOTICES
from journeys.notices.friends_trial import TRIAL_NOTICES
from journeys.notices.hand_over import HAND_OVER_NOTICES
from journeys.notices.managers import MANAGER_NOTICES
from journeys.notices.not_done import NOT_DONE_NOTICES
from journeys.notices.places import PLACE_NOTICES
from journeys.notices.ratings import RATING_NOTICES
from journeys.notices.reviews import REVIEW_NOTICES
from journeys.notices.support import SUPPORT_NOTICES
from journeys.notices.thread import THREAD_NOTICES
from outbox.services import Handler

_NOTICES: dict[str, Handler] = {
    **AFTERMATH_NOTICES,
    **CERTIFICATE_NOTICES,
    **CUSTOMER_NOTICES,
    **CUSTOMER_QUESTION_NOTICES,
    **DOCUMENT_NOTICES,
    **FRIEND_NOTICES,
    **HAND_OVER_NOTICES,
    **TRIAL_NOTICES,
    **JOINING_NOTICES,
    **FRIEND_QUESTION_NOTICES,
    **MANAGER_NOTICES,
    **NOT_DONE_NOTICES,
    **PLACE_NOTICES,
    **RATING_NOTICES,
    **REVIEW_NOTICES,
    **SUPPORT_NOTICES,
    **THREAD_NOTICES,
}
HANDLERS = _NOTICES | channel_handlers(_NOTICES)
