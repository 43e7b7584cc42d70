"""What the views of the staff's door share."""

import json
from http import HTTPStatus
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.selectors import signs_in_here

# The code of allauth's message about too many attempts.
TOO_MANY = "too_many_login_attempts"


class Refusing:
    """Answer a wrong entry with 422 and the form, as every form does, and one entry too many with 429."""

    def form_invalid(self: Any, form: Form) -> HttpResponse:
        """Show the form again with its faults."""
        return self.render_to_response(self.get_context_data(form=form), status=status_of(form))


def status_of(form: Form) -> HTTPStatus:
    """Return the status of a page that shows this form with its faults."""
    codes = {fault.code for faults in form.errors.as_data().values() for fault in faults}
    return HTTPStatus.TOO_MANY_REQUESTS if TOO_MANY in codes else HTTPStatus.UNPROCESSABLE_ENTITY


@method_decorator(never_cache, name="dispatch")
class StaffOnly:
    """Answer 404 to those who are signed in by another door, such as friends."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer 404 to them; strangers are sent to the sign-in by what comes next."""
        if request.user.is_authenticated and not signs_in_here(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # of the view this is mixed into


def for_browser(options: dict[str, Any]) -> str:
    """Return the options of a passkey's ceremony as JSON, for a data attribute that the script reads."""
    return json.dumps(options["publicKey"], cls=DjangoJSONEncoder)
