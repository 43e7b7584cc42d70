"""A friend's password, forgotten or changed: a link that works once, and every other device signed out (R23)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from time_machine import Coordinates

from accounts.models import Kind, User
from accounts.tokens import Purpose, password_token
from tests.cast import PASSWORD, deliver
from tests.pages import assert_valid_html

BEN = "ben@friends.example"
NEW = "seven-green-routers"
FORGOTTEN, NEW_PASSWORD, CHANGE = "/en/password/forgotten/", "/en/password/new/", "/en/password/change/"


@pytest.fixture
def stranger(friend_client: Client, clock: Coordinates) -> Client:
    """Return a phone on which nobody is signed in; Ben is a friend."""
    deliver()
    return Client(headers={"host": "app.localhost"})


def link() -> str:
    """Return the path of the link in the one mail that is on its way."""
    [mail] = deliver()
    found = re.search(r"http://app\.localhost:\d+(/\S+)", mail.body)
    assert found, mail.body
    return found[1]


def is_signed_in(client: Client) -> bool:
    return client.get("/en/jobs/").status_code == 200


def sign_in(client: Client, password: str) -> bool:
    client.post("/en/sign-in/", {"username": BEN, "password": password})
    return is_signed_in(client)


def test_who_forgot_the_password_chooses_another_by_the_link_and_is_in(stranger: Client, friend_client: Client) -> None:
    assert FORGOTTEN in stranger.get("/en/sign-in/").content.decode()

    answer = stranger.post(FORGOTTEN, {"email": " Ben@Friends.example "})
    assert_valid_html(stranger.get(answer["Location"]))
    followed = stranger.get(link())
    assert followed["Location"] == NEW_PASSWORD
    assert_valid_html(stranger.get(NEW_PASSWORD))
    chosen = stranger.post(NEW_PASSWORD, {"password": NEW})

    assert chosen["Location"] == "/en/"
    assert is_signed_in(stranger)
    assert not is_signed_in(friend_client)
    assert not sign_in(Client(headers={"host": "app.localhost"}), PASSWORD)
    assert sign_in(Client(headers={"host": "app.localhost"}), NEW)


def test_the_mail_speaks_the_friends_language_and_its_link_leaves_no_trace(stranger: Client) -> None:
    User.objects.filter(email=BEN).update(language="de")
    stranger.post(FORGOTTEN, {"email": BEN})
    [mail] = deliver()

    assert mail.subject == "Wähl ein neues Passwort"
    path = re.search(r"http://app\.localhost:\d+(/\S+)", mail.body)
    assert path
    answer = stranger.get(path[1])
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]


def test_nobody_learns_who_has_an_account_and_no_mailbox_is_flooded(stranger: Client, clock: Coordinates) -> None:
    answers = [stranger.post(FORGOTTEN, {"email": email}) for email in (BEN, "nobody@friends.example", BEN)]

    assert {answer["Location"] for answer in answers} == {"/en/password/sent/"}
    assert [mail.to for mail in deliver()] == [[BEN]]

    clock.shift(timedelta(minutes=10))
    stranger.post(FORGOTTEN, {"email": BEN})
    assert [mail.to for mail in deliver()] == [[BEN]]


def test_a_link_works_once_and_for_an_hour(stranger: Client, clock: Coordinates) -> None:
    stranger.post(FORGOTTEN, {"email": BEN})
    path = link()
    clock.shift(timedelta(minutes=61))
    assert stranger.get(path).status_code == 410

    stranger.post(FORGOTTEN, {"email": BEN})
    path = link()
    stranger.get(path)
    stranger.post(NEW_PASSWORD, {"password": NEW})
    other = Client(headers={"host": "app.localhost"})
    assert other.get(path).status_code == 410
    assert other.post(NEW_PASSWORD, {"password": "another-password"}).status_code == 410
    assert not is_signed_in(other)


def test_an_operators_link_opens_nothing_here(stranger: Client) -> None:
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")

    answer = stranger.get(f"/en/password/new/{password_token(olga, purpose=Purpose.RESET)}/")

    assert answer.status_code == 410
    assert stranger.post(NEW_PASSWORD, {"password": NEW}).status_code == 410


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"present": "wrong", "password": NEW}, "This is not your current password."),
        ({"present": PASSWORD, "password": "short"}, "at least 10 characters"),
        ({"present": PASSWORD, "password": "1234567890"}, "too common"),
        ({"present": "", "password": ""}, "Please fill this in."),
    ],
)
def test_what_is_wrong_stands_beside_the_field(friend_client: Client, entries: dict[str, str], message: str) -> None:
    answer = friend_client.post(CHANGE, entries)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert_valid_html(answer)


def test_a_changed_password_signs_out_the_other_devices_only(friend_client: Client) -> None:
    other = Client(headers={"host": "app.localhost"})
    assert sign_in(other, PASSWORD)
    assert CHANGE in friend_client.get("/en/profile/").content.decode()

    answer = friend_client.post(CHANGE, {"present": PASSWORD, "password": NEW})

    assert answer["Location"] == "/en/profile/"
    assert is_signed_in(friend_client)
    assert not is_signed_in(other)
    assert sign_in(other, NEW)


def test_a_password_is_not_tried_for_ever(friend_client: Client) -> None:
    answers = [friend_client.post(CHANGE, {"present": "wrong", "password": NEW}).status_code for _try in range(6)]

    assert answers == [422] * 5 + [429]
