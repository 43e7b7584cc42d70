"""What a partner's managers may read of a friend: every page that tells of one asks here.

A friend is named where the own community was asked, or where the friend has or had the order. Whoever was asked by a
contract and said nothing or no belongs to somebody else's community, and stays nameless.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from crowd.models import SHARED_CROWD, Friend
from dispatch.models import Job
from dispatch.selectors import who_had_order


class FriendNames:
    """The names of the friends of one order, read once (1 query; the job comes with its offers)."""

    def __init__(self, job: Job) -> None:
        offers = job.offers.all()
        self._communities = {offer.friend_id: offer.community for offer in offers}
        self._known = {offer.friend_id for offer in offers if offer.community == job.tenant_id}
        self._known |= who_had_order(job.order_id)

    def shows(self, friend_id: UUID | None) -> bool:
        """Say whether managers may know who it is."""
        return friend_id in self._known

    def name(self, friend: Friend) -> str:
        """Return the friend's name, or what stands for it."""
        return str(friend) if self.shows(friend.pk) else self.stand_in(friend.pk)

    def stand_in(self, friend_id: UUID) -> str:
        """Say whose community a friend without a name belongs to."""
        if self._communities.get(friend_id, SHARED_CROWD) == SHARED_CROWD:
            return _("A friend of the shared crowd")
        return _("A friend of another partner")
