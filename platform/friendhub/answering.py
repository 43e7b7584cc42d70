"""What the pages of the friends' app share when they take a form: the rule's words beside the field, status 422."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.forms import Form

from kernel.errors import DomainError
from kernel.limits import TooManyAttempts


def accepted(form: Form, act: Callable[..., object], fields: Mapping[str, str], **more: Any) -> bool:
    """Call ``act`` with what the form holds and say whether it went through; a refusal stands beside its field.

    ``fields`` names the field of each rule's code. What is about no field is raised.
    """
    if not form.is_valid():
        return False
    try:
        act(**form.cleaned_data, **more)
    except DomainError as error:
        if error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        form.add_error(fields.get(error.code), str(error))
        return False
    return True


def status_of(form: Form) -> HTTPStatus:
    """Return the status of a page that shows this form; 429 where a fault of it is that of too many attempts."""
    if not (form.is_bound and form.errors):
        return HTTPStatus.OK
    codes = {fault.code for faults in form.errors.as_data().values() for fault in faults}
    return HTTPStatus.TOO_MANY_REQUESTS if TooManyAttempts.code in codes else HTTPStatus.UNPROCESSABLE_ENTITY
