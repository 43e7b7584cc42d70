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
from crowd.selectors import country_of
from kernel.answers import say
from kernel.german import written_for
from tenants.requests import Request

View = Callable[..., HttpResponse]


class FriendRequest(Request):
    """A request of a signed-in friend."""

    friend_id: UUID


def friend_required(view: View) -> View:
    """Let friends in, as ``request.friend_id``; send strangers to the sign-in and refuse all others."""

    @wraps(view)
    def guarded(request: FriendRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("friendhub:sign_in"))
        if user.kind != Kind.FRIEND:
            return say(request, pgettext("friend", "This part is for friends."), status=HTTPStatus.FORBIDDEN)
        request.friend_id = user.uuid
        with written_for(country_of(user.uuid) if get_language() == "de" else ""):
            return view(request, *args, **kwargs)

    return guarded
