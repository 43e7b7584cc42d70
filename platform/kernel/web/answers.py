"""Answers that every interface gives alike: what was refused, in words, with the right status."""

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import InterfaceError, OperationalError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kernel.database.deadlocks import TRIES, is_deadlock
from kernel.errors import DomainError
from kernel.web.problems import is_api, problem

# When to come again while the database is away.
RETRY_S = 10


def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer a rule that said no with its own message and status."""
    return say(request, str(error), status=error.status, code=error.code)


def say(request: HttpRequest, message: str, *, status: int, code: str = "") -> HttpResponse:
    """Answer with one page that holds one message, or to a program with problem details of that code."""
    if is_api(request):
        return problem(request, message, status=status, code=code)
    return render(request, "error.html", {"message": message, "status": status}, status=status)


def as_fields(form: BaseForm, errors: Mapping[str, str]) -> None:
    """Add a rule's messages to the fields they are about, unless a field has one already."""
    for field, message in errors.items():
        if field not in form.errors:
            form.add_error(field, message)


def carries_secret(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep an address that holds a secret out of caches and of the Referer header, a refusal's page included."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except DomainError as error:
            response = refuse(request, error)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return guarded


class RefusalMiddleware:
    """Turn a rule's no that a view let through into a page with its message and status.

    A view whose transaction lost a deadlock is called again: nothing of it was written, and nobody needs to hear of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a DomainError or what came of another try; anything else is a fault and goes its way."""
        error = exception
        for _try in range(TRIES - 1):
            if not is_deadlock(error):
                break
            try:
                return _again(request)
            except Exception as next_error:  # judged below like the first one
                error = next_error
        if isinstance(error, DomainError):
            return refuse(request, error)
        if error is not exception:
            raise error
        return None


def _again(request: HttpRequest) -> HttpResponse:
    """Call the request's view once more, with its files from their beginning."""
    match = request.resolver_match
    assert match is not None  # a view has raised
    for _field, files in request.FILES.lists():
        for file in files:
            file.seek(0)
    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that was sent without its protection, usually after a long pause."""
    message = _("This form was open for too long. Please go back, reload the page and submit it again.")
    return say(request, message, status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that does not exist here."""
    return say(request, _("We couldn't find this page."), status=HTTPStatus.NOT_FOUND)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that makes no sense, such as one that is far too large, or whose session ended meanwhile."""
    if isinstance(exception, SessionInterrupted):
        return say(
            request, _("Your session has ended in the meantime. Please sign in again."), status=HTTPStatus.BAD_REQUEST
        )
    return say(request, _("We could not read that request. A file may be too large."), status=HTTPStatus.BAD_REQUEST)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer who tries too often in a short time."""
    message = _("Too many attempts. Please wait a minute and try again.")
    return say(request, message, status=HTTPStatus.TOO_MANY_REQUESTS)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer our own fault without touching database or templates that may be its cause.

    Where the database is away it is no fault of the page, and worth another try: 503.
    """
    is_away = isinstance(sys.exception(), OperationalError | InterfaceError)
    status = HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.INTERNAL_SERVER_ERROR
    title = _("Something went wrong on our side. Please try again in a moment.")
    answer: HttpResponse
    if is_api(request):
        answer = problem(request, title, status=status)
    else:
        answer = HttpResponse(f"<!doctype html><title>{status.value}</title><p>{title}</p>", status=status)
    if is_away:
        answer.headers["Retry-After"] = str(RETRY_S)
    return answer
