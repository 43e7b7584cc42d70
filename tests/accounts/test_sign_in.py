"""Staff sign in on their own host, with limits per partner, and nobody is led astray (R3)."""

import pytest
from django.test import Client

from accounts.models import Kind, User
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import PASSWORD, is_signed_in, register_friend, sign_in_staff
from tests.pages import assert_valid_html, press

MANAGER = "manager@nord.example"


@pytest.fixture
def stranger(nord: Tenant, sued: Tenant) -> Client:
    """Return somebody on Nord's host who is not signed in."""
    return Client(headers={"host": "nord.localhost"})


@pytest.fixture
def operator(db: None) -> User:
    """Register an operator on the platform."""
    with platform_context():
        return User.objects.create_user("olga@platform.example", PASSWORD, kind=Kind.OPERATOR, language="en")


@pytest.mark.parametrize("host", ["nord.localhost", "app.localhost"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_door_is_a_page_of_the_brand(stranger: Client, host: str, language: str) -> None:
    answer = stranger.get(f"/{language}/account/sign-in/", headers={"host": host})

    assert answer.status_code == 200
    assert_valid_html(answer)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_manager_signs_in_with_the_password_and_lands_in_the_admin(stranger: Client) -> None:
    assert stranger.get("/admin/").status_code == 302

    answer = sign_in_staff(stranger, "Manager@Nord.example")

    assert answer["Location"] == "/admin/"
    assert stranger.get("/admin/").status_code == 200


def test_a_wrong_password_is_refused_beside_what_was_typed(stranger: Client) -> None:
    answer = sign_in_staff(stranger, MANAGER, "not-the-password")

    assert answer.status_code == 422
    assert_valid_html(answer)
    assert "Wrong email address or password" in answer.content.decode()
    assert f'value="{MANAGER}"' in answer.content.decode()
    assert not is_signed_in(stranger)


def test_somebody_who_was_dismissed_is_told_the_same_as_a_stranger(stranger: Client, nord: Tenant) -> None:
    unknown = sign_in_staff(stranger, "nobody@nord.example").content
    with tenant_context(nord):
        User.objects.filter(email=MANAGER).update(is_active=False)

    answer = sign_in_staff(stranger, MANAGER)

    assert answer.status_code == 422
    assert b"Wrong email address or password" in answer.content
    assert b"Wrong email address or password" in unknown


def test_operators_and_friends_have_a_door_each(operator: User, four_near: object) -> None:
    staff_door = Client(headers={"host": "app.localhost"})
    friends_door = Client(headers={"host": "app.localhost"})

    assert sign_in_staff(staff_door, "ben@friends.example").status_code == 422
    assert friends_door.post("/en/sign-in/", {"username": operator.email, "password": PASSWORD}).status_code == 422
    assert not is_signed_in(staff_door)
    assert not is_signed_in(friends_door)
    assert sign_in_staff(staff_door, operator.email).status_code == 302
    assert staff_door.get("/en/account/security/").status_code == 200


def test_the_logo_leads_operators_to_their_pages_and_strangers_to_the_friends_app(operator: User) -> None:
    client = Client(headers={"host": "app.localhost"})
    assert press(client, client.get("/en/account/sign-in/"), "Quartett").request["PATH_INFO"] == "/en/sign-in/"
    sign_in_staff(client, operator.email)

    page = press(client, client.get("/en/account/security/"), "Quartett")

    assert page.status_code == 200
    assert page.request["PATH_INFO"] == "/en/operators/"


def test_a_friend_sees_nothing_of_the_staffs_security_page(friend_client: Client) -> None:
    assert friend_client.get("/en/account/security/").status_code == 404
    assert friend_client.get("/en/account/security/app/").status_code == 404


def test_an_operator_does_not_sign_in_at_a_partner(operator: User, stranger: Client) -> None:
    assert sign_in_staff(stranger, operator.email).status_code == 422


@pytest.mark.parametrize("path", ["/admin/login/", "/en/_util/login/"])
def test_no_other_sign_in_is_left_that_knows_no_second_factor(stranger: Client, path: str) -> None:
    answer = stranger.post(path, {"username": MANAGER, "password": PASSWORD, "login": MANAGER})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/en/account/sign-in/")
    assert not is_signed_in(stranger)


@pytest.mark.parametrize("path", ["sign-up/", "signup/", "email/", "confirm-email/", "inactive/"])
def test_nobody_signs_up(stranger: Client, path: str) -> None:
    assert stranger.get(f"/en/account/{path}").status_code == 404


def test_the_admin_keeps_where_somebody_wanted_to_go(stranger: Client) -> None:
    first = stranger.get("/admin/orders/?p=2")
    old = stranger.get("/admin/login/?next=/admin/orders/")

    assert first["Location"] == "/en/account/sign-in/?next=/admin/orders/%3Fp%3D2"
    assert old["Location"] == "/en/account/sign-in/?next=/admin/orders/"
    assert sign_in_staff(stranger, MANAGER, next="/admin/orders/?p=2")["Location"] == "/admin/orders/?p=2"


@pytest.mark.parametrize(
    "away",
    [
        "https://evil.example/",
        "//evil.example/",
        "http://sued.localhost/admin/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
    ],
)
def test_the_way_on_leads_to_no_other_host(stranger: Client, away: str) -> None:
    through_admin = stranger.get("/admin/login/", {"next": away})
    assert through_admin["Location"] == "/en/account/sign-in/?next=/admin/"

    assert sign_in_staff(stranger, MANAGER, next=away)["Location"] == "/admin/"

    assert stranger.get("/en/account/sign-in/", {"next": away})["Location"] == "/admin/"


def test_failures_lock_an_address_at_its_partner_with_a_clear_message_and_nobody_elsewhere(
    stranger: Client, clock: object, sued: Tenant
) -> None:
    with tenant_context(sued):
        User.objects.create_user(MANAGER, PASSWORD, kind=Kind.STAFF)
    for _ in range(5):
        assert "Wrong email address or password" in sign_in_staff(stranger, MANAGER, "guess").content.decode()

    locked = sign_in_staff(stranger, MANAGER)

    assert locked.status_code == 429
    assert "Too many failed attempts. Please try again in five minutes." in locked.content.decode()
    assert not is_signed_in(stranger)
    at_sued = Client(headers={"host": "sued.localhost"})
    assert sign_in_staff(at_sued, MANAGER).status_code == 302


def test_the_lock_opens_after_five_minutes(stranger: Client, clock: object) -> None:
    for _ in range(6):
        sign_in_staff(stranger, MANAGER, "guess")
    assert sign_in_staff(stranger, MANAGER).status_code == 429

    clock.shift(301)  # type: ignore[attr-defined]  # of time-machine

    assert sign_in_staff(stranger, MANAGER).status_code == 302


def test_who_tries_all_addresses_is_stopped_at_one_partner_only(stranger: Client, clock: object) -> None:
    answers = [sign_in_staff(stranger, f"guess-{number}@nord.example", "guess") for number in range(21)]

    assert [answer.status_code for answer in answers] == [422] * 20 + [429]
    assert "Too many" in answers[-1].content.decode()
    at_sued = Client(headers={"host": "sued.localhost"})
    assert sign_in_staff(at_sued, "manager@sued.example").status_code == 302


def test_signing_out_ends_the_session_and_asks_first(stranger: Client) -> None:
    sign_in_staff(stranger, MANAGER)

    asked = stranger.get("/en/account/sign-out/")
    assert asked.status_code == 200
    assert is_signed_in(stranger)
    answer = stranger.post("/en/account/sign-out/")

    assert answer["Location"] == "/en/account/sign-in/"
    assert not is_signed_in(stranger)
    assert "You are signed out." in stranger.get("/en/account/sign-in/").content.decode()


def test_friends_sign_out_to_their_own_door(clock: object, nord: Tenant) -> None:
    register_friend("Ben", km=1)
    client = Client(headers={"host": "app.localhost"})
    entered = client.post("/en/sign-in/", {"username": "ben@friends.example", "password": PASSWORD})

    assert entered["Location"] == "/en/"
    assert client.post("/en/sign-out/")["Location"] == "/en/sign-in/"
