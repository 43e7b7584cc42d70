"""A page whose transaction lost a deadlock is made again; nobody gets to see it (kernel.web.answers)."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from psycopg2.errors import DeadlockDetected

from config import urls_tenant
from kernel.database.deadlocks import TRIES
from kernel.errors import DomainError
from tests.responses import Response

_losses: list[Exception] = []


def view(request: HttpRequest) -> HttpResponse:
    """Read the file that was sent, then fail as often as the test wants."""
    sent = request.FILES["file"]
    assert isinstance(sent, UploadedFile)
    words = sent.read().decode()
    if _losses:
        raise _losses.pop()
    return HttpResponse(words)


urlpatterns = [path("lose/", view), *urls_tenant.urlpatterns]


@pytest.fixture(autouse=True)
def _no_losses_left() -> Iterator[None]:
    yield
    _losses.clear()


def deadlock() -> OperationalError:
    """Return what Django raises for a transaction that PostgreSQL has ended."""
    error = OperationalError("deadlock detected")
    error.__cause__ = DeadlockDetected()
    return error


def send(nord: object) -> Response:
    """Send a file to the view."""
    with override_settings(ROOT_URLCONF=__name__):
        client = Client(headers={"host": "nord.localhost"}, raise_request_exception=False)
        return client.post("/lose/", {"file": SimpleUploadedFile("words.txt", b"kept")})


def test_whoever_loses_is_answered_as_if_nothing_had_been(nord: object) -> None:
    _losses.extend([deadlock()] * (TRIES - 1))

    answer = send(nord)

    assert (answer.status_code, answer.content) == (200, b"kept")


def test_losing_again_and_again_is_a_fault(nord: object) -> None:
    _losses.extend([deadlock()] * TRIES)

    assert send(nord).status_code == 500


def test_another_fault_is_not_tried_again(nord: object) -> None:
    _losses.append(OperationalError("server closed the connection"))

    assert send(nord).status_code == 500


def test_a_rule_that_says_no_at_the_next_try_is_told_as_ever(nord: object) -> None:
    class Taken(DomainError):
        message = "Taken."
        status = 409

    _losses.extend([Taken(), deadlock()])

    assert send(nord).status_code == 409
