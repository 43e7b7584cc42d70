"""A friend's password: forgotten and chosen anew by the link of a mail, or changed (R23)."""

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.attempts import forget_tries
from accounts.errors import LinkIsVoid
from accounts.models import Kind, User
from accounts.selectors import user_by_uuid
from accounts.services import change_password, choose_password
from accounts.tokens import Purpose, holder_of
from friendhub.access import FriendRequest, friend_required
from friendhub.answering import status_of, typed
from friendhub.joining.password_forms import ChangePasswordForm, ForgottenForm, NewPasswordForm
from friendhub.joining.views import BACKEND
from journeys.friend.enter_community import leave_sites
from journeys.reset_password import ask_for_new_friend_password
from kernel.clock import now
from kernel.web.answers import carries_secret
from kernel.web.limits import limited
from notifications.services import forget_other_devices
from tenants.requests import Request

TOKEN = "choosing_password"
# Nobody forgets a password so often in ten minutes, a family behind one address included.
MOST, WHILE_S = 20, 600


@limited(of="friend-password-forgotten", most=MOST, within_s=WHILE_S)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: Request) -> HttpResponse:
    """Take the address that gets the link; the answer is the same for addresses that nobody has."""
    form = ForgottenForm(typed(request))
    if form.is_valid():
        ask_for_new_friend_password(email=form.cleaned_data["email"], now=now())
        request.session["forgotten"] = form.cleaned_data["email"]
        return redirect("friendhub:password_sent")
    return render(request, "friendhub/joining/password_forgotten.html", {"form": form}, status=status_of(form))


@never_cache
@require_safe
def sent(request: Request) -> HttpResponse:
    """Ask to look into the mailbox."""
    return render(request, "friendhub/joining/password_sent.html", {"email": request.session.get("forgotten", "")})


@carries_secret
@limited(of="friend-password-link", most=MOST, within_s=WHILE_S)
@require_safe
def follow_password_link(request: Request, token: str) -> HttpResponse:
    """Keep the link's token in the session and lead to an address without it."""
    _friend_of(token)
    request.session[TOKEN] = token
    return redirect("friendhub:new_password")


@limited(of="friend-password-new", most=MOST, within_s=WHILE_S)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: Request) -> HttpResponse:
    """Set the password of whom the link was sent to, and sign in: they have just shown that the mailbox is theirs."""
    token = request.session.get(TOKEN, "")
    user = _friend_of(token)
    form = NewPasswordForm(typed(request), user=user)
    if form.is_valid():
        user = choose_password(token=token, purpose=Purpose.RESET, password=form.cleaned_data["password"])
        forget_tries(user.email)
        forget_other_devices(friend_id=user.uuid, endpoint="")
        leave_sites(friend_id=user.uuid)
        request.session.flush()
        login(request, user, backend=BACKEND)
        messages.success(
            request, pgettext("friend", "Your new password has been set. All your other devices are signed out.")
        )
        return redirect("friendhub:offers")
    return render(
        request, "friendhub/joining/password_new.html", {"form": form, "email": user.email}, status=status_of(form)
    )


@limited(of="friend-password-change", most=MOST, within_s=WHILE_S)
@never_cache
@sensitive_post_parameters("present", "password")
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: FriendRequest) -> HttpResponse:
    """Change the password; this device stays signed in, all others do not."""
    user = user_by_uuid(request.friend_id)
    assert user is not None, "a friend is signed in"
    form = ChangePasswordForm(typed(request), user=user, request=request)
    if form.is_valid():
        update_session_auth_hash(request, change_password(uuid=user.uuid, password=form.cleaned_data["password"]))
        forget_other_devices(friend_id=user.uuid, endpoint=request.POST.get("endpoint", ""))
        leave_sites(friend_id=user.uuid)
        messages.success(
            request, pgettext("friend", "Your new password has been set. All your other devices are signed out.")
        )
        return redirect("friendhub:profile")
    context = {"form": form, "section": "profile", "email": user.email}
    return render(request, "friendhub/joining/password_change.html", context, status=status_of(form))


def _friend_of(token: str) -> User:
    """Return the friend of a link; operators have such links too, on the same host, and need a second factor.

    Raises LinkIsVoid.
    """
    user = holder_of(token, purpose=Purpose.RESET)
    if user.kind != Kind.FRIEND:
        raise LinkIsVoid
    return user
