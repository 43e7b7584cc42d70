"""What no field can hold is refused in one place, before any view; a database that is away is no fault of a file."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Kind, User
from accounts.session_store import SessionStore
from cms.models import TextPage
from kernel.web.inputs import ReadableRequest, is_readable
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import PASSWORD, complete_draft, sign_in_staff
from tests.joining import HOME
from tests.pages import assert_valid_html

STEPS = ("place", "questions", "times", "contact", "payment")


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return an operator, signed in."""
    User.objects.create_user("olga@platform.example", PASSWORD, kind=Kind.OPERATOR, language="en")
    client = Client(headers={"host": "app.localhost"})
    assert sign_in_staff(client, "olga@platform.example").status_code == 302
    return client


@pytest.mark.parametrize("step", STEPS)
def test_no_step_of_a_booking_takes_a_nul(visitor: Client, nord: Tenant, step: str) -> None:
    with tenant_context(nord):
        draft = complete_draft()

    answer = visitor.post(f"/en/bookings/{draft.pk}/{step}/", {"problem": "a\0b", "windows": "\0"})

    assert answer.status_code == 400
    assert "We could not read that request." in answer.content.decode()
    assert_valid_html(answer)


@pytest.mark.parametrize(
    ("who", "path", "values"),
    [
        ("visitor", "/en/packages/wifi-setup/place/?country=DE&postal_code=%00", None),
        ("visitor", "/en/packages/%00/", None),
        ("friend_client", "/en/communities/enter/?host=%00", None),
        ("friend_client", "/en/sign-out/", {"endpoint": "\0"}),
        ("manager_client", "/admin/orders/?q=%00", None),
        ("operator_client", "/en/operators/jobs/?q=%00", None),
        ("operator_client", "/tls-check/?domain=%00", None),
    ],
)
def test_nobody_gets_a_nul_as_far_as_the_database(
    request: pytest.FixtureRequest, who: str, path: str, values: dict[str, str] | None
) -> None:
    client: Client = request.getfixturevalue(who)

    answer = client.get(path) if values is None else client.post(path, values)

    assert answer.status_code == 400


def test_a_manager_cannot_cancel_with_a_nul(manager_client: Client) -> None:
    assert manager_client.post("/admin/orders/1/cancel/", {"why": "\0"}).status_code == 400


@pytest.mark.parametrize(
    "host", ["", "nord.localhost,evil", "nord.localhost:x", "a b", "nord.localhost/", "\0", "[::1", "näh.example", "@"]
)
@pytest.mark.parametrize("path", ["/", "/en/", "/health/", "/tls-check/", "/admin/"])
def test_a_host_that_is_none_is_a_bad_request(nord: Tenant, host: str, path: str) -> None:
    answer = Client(raise_request_exception=False).get(path, headers={"host": host})

    assert answer.status_code == 400


def test_without_a_host_there_is_no_page(nord: Tenant) -> None:
    assert Client().get("/").status_code == 400


def multipart(name: str, content: bytes = b"x", kind: str = "multipart/form-data; boundary=b") -> dict[str, Any]:
    body = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="' + name.encode() + b'"\r\n\r\n'
    return {"data": body + content + b"\r\n--b--\r\n", "content_type": kind}


def test_a_file_name_that_no_disk_holds_is_refused(friend_client: Client) -> None:
    assert friend_client.post("/en/profile/edit/", **multipart("a\0.png")).status_code == 422
    assert friend_client.post("/en/profile/edit/", **multipart("ü" * 130 + ".png")).status_code == 400


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{", 400),
        ("application/json", b'{"a": "\\u0000"}', 400),
        ("application/json", b'{"a": ["\\ud800"]}', 400),
        ("application/json", b"[" * 100_000, 400),
        ("application/x-www-form-urlencoded; charset=rot13", b"a=b", 400),
        ("multipart/form-data; boundary=b; charset=utf-16", b"--b--", 400),
        ("multipart/form-data", b"--b--", 400),
        ("application/x-www-form-urlencoded", b"a=%00", 400),
        ("application/x-www-form-urlencoded", b"x" * 300 + b"=1", 400),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(1100)), 400),
        ("application/x-www-form-urlencoded", b"username=nobody&password=guess", 422),
    ],
)
def test_bodies_that_are_none_are_refused(db: None, kind: str, body: bytes, status: int) -> None:
    client = Client(headers={"host": "app.localhost"})

    assert client.generic("POST", "/en/sign-in/", body, content_type=kind).status_code == status


@pytest.mark.parametrize("charset", ["rot13", "zlib", "utf-16"])
def test_a_charset_that_is_none_of_text_fails_nowhere_and_is_refused(charset: str) -> None:
    environ = RequestFactory()._base_environ(QUERY_STRING="a=b", CONTENT_TYPE=f"text/plain; charset={charset}")  # type: ignore[attr-defined]  # Django's own

    request = ReadableRequest(environ)

    assert request.GET["a"] == "b"
    assert not is_readable(request)
    assert is_readable(ReadableRequest(environ | {"CONTENT_TYPE": "text/plain; charset=UTF-8"}))


def test_an_address_without_end_is_refused(visitor: Client, nord: Tenant) -> None:
    assert visitor.get("/en/packages/wifi-setup/place/", {"postal_code": "1" * 5000}).status_code == 400


def test_a_cookie_that_no_database_takes_is_refused(nord: Tenant) -> None:
    cookie = 'sessionid="\\000abcdefghijklmnopqrstuvwxyz"'

    assert Client().get("/en/", headers={"host": "nord.localhost", "cookie": cookie}).status_code == 400


def test_a_page_whose_text_is_no_rich_text_is_a_bad_request(manager_client: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        page = TextPage.objects.first()
        assert page is not None
    path = reverse("wagtailadmin_pages:edit", "config.urls_tenant", [page.pk])

    for body in ("no JSON", "[]", '{"blocks": 3, "entityMap": {}}'):
        answer = manager_client.post(path, {"title": page.title, "slug": page.slug, "body": body})
        assert answer.status_code == 400, body


def test_a_session_that_cannot_be_saved_because_the_database_is_away_says_so(
    nord: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away between the page and the end of the request; it comes back for the next test."""

    def away(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    client = Client(headers={"host": "app.localhost"}, raise_request_exception=False)
    client.get("/en/join/", {"partner": "nord"})
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.create_model_instance", away)

    answer = client.post("/en/join/home/", HOME)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "file" not in answer.content.decode()


def test_a_session_that_has_ended_meanwhile_is_told_as_that(
    friend_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(self: SessionStore, must_create: bool = False) -> None:
        Session.objects.all().delete()
        save(self, must_create)

    save = SessionStore.save
    monkeypatch.setattr(SessionStore, "save", gone)

    answer = friend_client.post("/en/availability/resume/")

    assert answer.status_code == 400
    assert "Your session has ended in the meantime." in answer.content.decode()
