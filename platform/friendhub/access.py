"""Who may enter the friends' app."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext

from accounts.models import Kind
from crowd.models import Friend
from crowd.selectors import country_of
from kernel.web.answers import say
from kernel.wording.german import written_for
from tenants.requests import Request

View = Callable[..., HttpResponse]


class FriendRequest(Request):
    """A request of a signed-in friend; ``friend`` is there where the view says how to read it."""

    friend_id: UUID
    friend: Friend


def friend_required(view: View) -> View:
    """Let friends in, as ``request.friend_id``; send strangers to the sign-in and refuse all others."""
    return _guarded(view, lambda request: country_of(request.friend_id) if get_language() == "de" else "")


def with_friend(read: Callable[[UUID], Friend]) -> Callable[[View], View]:
    """Let friends in as ``friend_required`` does, and have them read before the view, as ``request.friend``."""

    def country(request: FriendRequest) -> str:
        request.friend = read(request.friend_id)
        return request.friend.country

    return lambda view: _guarded(view, country)


def _guarded(view: View, country: Callable[[FriendRequest], str]) -> View:
    @wraps(view)
    def guarded(request: FriendRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("friendhub:sign_in"))
        if user.kind != Kind.FRIEND:
            return say(request, pgettext("friend", "This part is for friends."), status=HTTPStatus.FORBIDDEN)
        request.friend_id = user.uuid
        with written_for(country(request)):
            return view(request, *args, **kwargs)

    return guarded
