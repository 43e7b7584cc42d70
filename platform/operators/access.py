"""Who may enter the operators' pages."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.models import Kind, User
from kernel.web.answers import say
from tenants.requests import Request

View = Callable[..., HttpResponse]


class OperatorRequest(Request):
    """A request of a signed-in operator."""

    operator: User


def operator_required(view: View) -> View:
    """Let operators in, as ``request.operator``; send strangers to the sign-in and refuse all others.

    Nothing of these pages is cached.
    """

    @never_cache
    @wraps(view)
    def guarded(request: OperatorRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if user.kind != Kind.OPERATOR:
            return say(request, _("This part is for the platform's operators."), status=HTTPStatus.FORBIDDEN)
        request.operator = user
        return view(request, *args, **kwargs)

    return guarded
