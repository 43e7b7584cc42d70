"""What the pages of the friends' app share when they take a form: the words of a refusal beside the field."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from kernel.errors import DomainError
from kernel.web.limits import TooManyAttempts
from kernel.web.meant import MeantForm
from orders.errors import UnusualTime

ABOUT_NO_FIELD: Mapping[str, str] = MappingProxyType({})
# What somebody can mend or try again keeps what they have typed; any other refusal has a page of its own.
SHOWN_IN_FORM = {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS}


def ask(
    request: HttpRequest,
    form: Form,
    act: Callable[..., object],
    *,
    template: str,
    context: Mapping[str, Any],
    said: str,
    back: str = "",
) -> HttpResponse:
    """Ask something about ``context["job"]`` with a form; where it is right, do what it says, say so and lead on.

    That is to the job, or to the page that is called ``back``. ``act`` is that of ``accepted``.
    """
    if form.is_bound and accepted(form, act):
        messages.success(request, said)
        return redirect(back) if back else redirect("friendhub:job", context["job"].pk)
    return render(request, template, {**context, "form": form}, status=status_of(form))


def typed(request: HttpRequest) -> QueryDict | None:
    """Return what a form of the page is bound to; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def accepted(form: Form, act: Callable[..., object], fields: Mapping[str, str] = ABOUT_NO_FIELD, **more: Any) -> bool:
    """Call ``act`` with what the form holds and say whether it went through; a refusal stands beside its field.

    ``fields`` names the field of each rule's code; ``act`` may add faults to the form by itself. An unusual time is
    asked about once more. A refusal that no other words in the form could change is raised.
    """
    if not form.is_valid():
        return False
    try:
        act(**form.cleaned_data, **more)
    except UnusualTime as doubt:
        if not isinstance(form, MeantForm):
            raise
        form.ask_whether_meant(str(doubt))
    except DomainError as error:
        if error.status not in SHOWN_IN_FORM:
            raise
        form.add_error(fields.get(error.code), ValidationError(str(error), code=error.code))
    return not form.errors


def status_of(form: Form) -> HTTPStatus:
    """Return the status of a page that shows this form; 429 where a fault of it is that of too many attempts."""
    if not (form.is_bound and form.errors):
        return HTTPStatus.OK
    codes = {fault.code for faults in form.errors.as_data().values() for fault in faults}
    return HTTPStatus.TOO_MANY_REQUESTS if TooManyAttempts.code in codes else HTTPStatus.UNPROCESSABLE_ENTITY
