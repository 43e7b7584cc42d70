"""Sign in and out."""

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.forms import Form
from django.http import HttpRequest, HttpResponse

from accounts.models import Kind
from friendhub.answering import status_of
from friendhub.joining.sign_in_forms import SignInForm
from journeys.friend.enter_community import leave_sites
from notifications.services import forget_device


class SignIn(LoginView):
    """Sign in with mail address and password."""

    template_name = "friendhub/joining/sign_in.html"
    authentication_form = SignInForm
    next_page = "friendhub:offers"
    redirect_authenticated_user = True

    def form_invalid(self, form: Form) -> HttpResponse:
        """Answer 422, as every form does, or 429."""
        return self.render_to_response(self.get_context_data(form=form), status=status_of(form))


class SignOut(LogoutView):
    """Sign out; the device that the form names gets no more pushes."""

    next_page = "friendhub:sign_in"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Forget the device and end the sessions on partners' sites while it is known whose they are."""
        if request.user.is_authenticated:
            forget_device(friend_id=request.user.uuid, endpoint=request.POST.get("endpoint", ""))
            if request.user.kind == Kind.FRIEND:
                leave_sites(friend_id=request.user.uuid)
        return super().post(request, *args, **kwargs)
