"""The log tells who did what where, and holds nothing that lets anybody in."""

import io
import logging
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from journeys.links import order_token
from kernel.logs import LineFormatter, without_secrets
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import book

TOKEN = "IjEyMyI:1vNabc:Xy7Kd0_pq-Zr3"
LINE = re.compile(
    r"^(?P<level>\w+) (?P<logger>[\w.]+) \[(?P<schema>\S+) (?P<request>\S+) (?P<user>\S+)\] (?P<words>.*)$"
)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Return what the log's own handler writes, as it stands in the settings."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(LineFormatter(settings.LOGGING["formatters"]["line"]["format"]))
    logging.getLogger().addHandler(handler)
    yield out
    logging.getLogger().removeHandler(handler)


def last(written: io.StringIO) -> dict[str, str]:
    found = LINE.match(written.getvalue().splitlines()[-1])
    assert found
    return found.groupdict()


def test_the_settings_write_lines_by_this_formatter() -> None:
    [handler] = settings.LOGGING["root"]["handlers"]
    formatter = settings.LOGGING["handlers"][handler]["formatter"]
    assert settings.LOGGING["formatters"][formatter]["()"] == "kernel.logs.LineFormatter"


def test_a_refused_orders_link_is_not_in_the_log(
    nord: Tenant, four_near: object, visitor: Client, written: io.StringIO
) -> None:
    with tenant_context(nord):
        token = order_token(book(nord).uuid)

    answer = visitor.post(f"/en/orders/{token}/friend/")

    assert answer.status_code >= 400
    line = last(written)
    assert line["schema"] == "t_nord"
    assert line["request"] == answer["X-Request-ID"]
    assert line["words"].endswith("/en/orders/…/friend/")
    assert token not in written.getvalue()
    assert token.split(":")[-1] not in written.getvalue()


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("app", f"/en/password/new/{TOKEN}x/"),
        ("nord", f"/en/orders/{TOKEN}/"),
        ("nord", f"/en/account/password/reset/key/1-cx2k3d-{'0a1b2c3d' * 4}/nothing/"),
        ("nord", f"/media/images/x.jpg?seal={'0a1b2c3d' * 4}"),
    ],
)
def test_no_refused_address_is_written_with_its_secret(
    nord: Tenant, host: str, path: str, written: io.StringIO
) -> None:
    answer = Client(headers={"host": f"{host}.localhost"}).get(path)

    assert answer.status_code >= 400
    assert written.getvalue()
    for secret in ("1vNabc", "Xy7Kd0", "0a1b2c3d0a1b"):
        assert secret not in written.getvalue()


def test_a_drafts_address_is_not_in_the_log(nord: Tenant, visitor: Client, written: io.StringIO) -> None:
    draft = uuid4()

    assert visitor.get(f"/en/bookings/{draft}/review/").status_code == 404

    assert str(draft) not in written.getvalue()
    assert last(written)["words"].endswith("/en/bookings/…/review/")


def test_a_line_names_who_was_signed_in(friend_client: Client, written: io.StringIO) -> None:
    job = uuid4()
    assert friend_client.post(f"/en/jobs/{job}/accept/").status_code == 404

    line = last(written)
    ben = User.objects.get(email="ben@friends.example")
    assert (line["logger"], line["schema"], line["user"]) == ("django.request", "public", str(ben.pk))
    assert line["words"].endswith(f"/en/jobs/{job}/accept/")


def test_a_line_outside_of_a_request_says_so(db: None, written: io.StringIO) -> None:
    logging.getLogger("journeys").warning("Nobody asked")

    assert last(written) == {
        "level": "WARNING", "logger": "journeys", "schema": "public", "request": "-", "user": "-",
        "words": "Nobody asked",
    }  # fmt: skip


def test_tracebacks_are_cleaned_too(db: None, written: io.StringIO) -> None:
    try:
        raise ValueError(f"https://app.localhost/en/password/new/{TOKEN}/")
    except ValueError:
        logging.getLogger("journeys").exception("It failed")

    assert "ValueError" in written.getvalue()
    assert "1vNabc" not in written.getvalue()


@pytest.mark.parametrize(
    "innocent",
    [
        "Not Found: /en/packages/smart-home-hub-and-thermostats/",
        "Forbidden: /en/jobs/0191e4d2-7a3b-7c4d-8e5f-0123456789ab/accept/",
        "Message booked:0191e4d2-7a3b-7c4d-8e5f-0123456789ab was not delivered",
        "Olga: access 12: GET /admin/pages/3/edit/",
    ],
)
def test_what_lets_nobody_in_stays_readable(innocent: str) -> None:
    assert without_secrets(innocent) == innocent
