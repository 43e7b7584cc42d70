"""The friend's profile as the friend sees it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crowd.selectors import certificates_of, friend_by_id
from friendhub.access import FriendRequest, friend_required
from journeys.friend.enter_community import communities_of_friend
from journeys.order.talking.hide_contact import hide_in_profile
from kernel.clock import now


@never_cache
@friend_required
@require_safe
def profile(request: FriendRequest) -> HttpResponse:
    """Show what the platform knows of the friend."""
    friend = friend_by_id(request.friend_id)
    context = {
        "section": "profile",
        "part": "profile",
        "friend": friend,
        "about": hide_in_profile(friend.about),
        "certificates": certificates_of(request.friend_id, today=now().date()),
        "communities": communities_of_friend(request.friend_id, language=request.LANGUAGE_CODE),
    }
    return render(request, "friendhub/profile/profile.html", context)
