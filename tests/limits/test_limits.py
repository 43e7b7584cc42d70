"""Who tries too often is stopped at every door, by whatever name and way they come; an absent cache stops nobody."""

import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings
from time_machine import Coordinates

from accounts.models import Kind, User
from accounts.tokens import Purpose, password_token
from config.settings import base
from kernel.web.caches import Absence, ForgivingRedisCache
from kernel.web.limits import Limit, TooManyAttempts, address_of
from tenants.models import Tenant
from tests.accounts.codes import set_up_app
from tests.cast import PASSWORD, sign_in_staff
from tests.joining import picture
from tests.urls import HOSTS, Place, places

BEN, MANAGER, OLGA = "ben@friends.example", "manager@nord.example", "olga@platform.example"
FORGOTTEN, NEW_PASSWORD = "/en/password/forgotten/", "/en/password/new/"


def client_of(host: str, address: str = "192.0.2.1") -> Client:
    """Return somebody's browser at an IP address."""
    return Client(headers={"host": host}, REMOTE_ADDR=address)


def sign_in_friend(client: Client, password: str, email: str = BEN) -> int:
    """Send the friends' form and return the status."""
    return client.post("/en/sign-in/", {"username": email, "password": password}).status_code


@pytest.fixture
def olga(db: None) -> User:
    """Register an operator."""
    return User.objects.create_user(OLGA, PASSWORD, kind=Kind.OPERATOR, language="en")


# --- The visitor's address ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.9", "192.0.2.1"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "203.0.113.5, 198.51.100.9", "198.51.100.9"),
        (2, "203.0.113.5, 198.51.100.9, 10.0.0.1", "198.51.100.9"),
        (2, "198.51.100.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "203.0.113.5, made-up", "192.0.2.1"),
        (1, "2001:db8:1:2:aaaa::7", "2001:db8:1:2::"),
        (1, "::ffff:198.51.100.9", "198.51.100.9"),
    ],
)
def test_the_address_is_what_the_first_trusted_proxy_has_heard(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory(REMOTE_ADDR="192.0.2.1").get("/", headers={"x-forwarded-for": forwarded})

    assert address_of(request) == address


def test_a_made_up_forwarded_address_opens_no_door_anew(settings: Settings, four_near: object) -> None:
    settings.TRUSTED_PROXIES = 1
    client = client_of("app.localhost", "10.0.0.1")

    statuses = []
    for number in range(21):
        said = {"x-forwarded-for": f"203.0.113.{number}, 198.51.100.9"}
        form = {"username": f"{number}@friends.example", "password": "guess"}
        statuses.append(client.post("/en/sign-in/", form, headers=said).status_code)

    assert statuses == [422] * 20 + [429]


# --- Secrets -----------------------------------------------------------------------------------------------


def test_a_friends_password_is_not_guessed_from_many_addresses(four_near: object, clock: Coordinates) -> None:
    statuses = [sign_in_friend(client_of("app.localhost", f"192.0.2.{last}"), "guess") for last in range(60)]

    assert statuses == [422] * 5 + [429] * 55
    assert sign_in_friend(client_of("app.localhost"), PASSWORD) == 429
    clock.shift(301)
    assert sign_in_friend(client_of("app.localhost"), PASSWORD) == 302


def test_one_password_is_not_tried_on_all_friends(four_near: object) -> None:
    client = client_of("app.localhost")

    statuses = [sign_in_friend(client, "guess", f"friend-{number}@friends.example") for number in range(40)]

    assert statuses == [422] * 20 + [429] * 20
    page = client.post("/en/sign-in/", {"username": BEN, "password": PASSWORD}).content.decode()
    assert "Too many attempts." in page
    assert sign_in_friend(client_of("app.localhost", "192.0.2.2"), PASSWORD) == 302


def test_who_knows_the_password_is_never_held_up(four_near: object) -> None:
    assert {sign_in_friend(client_of("app.localhost"), PASSWORD) for _time in range(30)} == {302}


def test_a_form_that_is_not_filled_in_counts_for_nobody(four_near: object) -> None:
    empty = {client_of("app.localhost").post("/en/sign-in/", {"username": ""}).status_code for _time in range(25)}

    assert empty == {422}


def test_another_spelling_of_the_host_gives_no_further_tries(nord: Tenant) -> None:
    hosts = ["nord.localhost", "NORD.localhost", "nord.localhost:80", "nord.localhost:8123", "Nord.Localhost:1"] * 2

    statuses = [sign_in_staff(client_of(host), MANAGER, "guess").status_code for host in hosts]

    assert statuses == [422] * 5 + [429] * 5


def test_a_link_by_mail_opens_a_friends_locked_door(four_near: object) -> None:
    client = client_of("app.localhost")
    for _time in range(6):
        sign_in_friend(client, "guess")
    client.get(f"/en/password/new/{password_token(User.objects.get(email=BEN), purpose=Purpose.RESET)}/")
    client.post(NEW_PASSWORD, {"password": "seven-green-routers"})

    assert sign_in_friend(client_of("app.localhost"), "seven-green-routers") == 302


# Every page that asks for a secret, and what is sent there; found by walking over all pages below.
SECRETS: dict[tuple[str, str, str], dict[str, str]] = {
    ("stranger", "app.localhost", "/en/sign-in/"): {"username": BEN, "password": "guess"},
    ("stranger", "app.localhost", "/en/account/sign-in/"): {"login": OLGA, "password": "guess"},
    ("stranger", "nord.localhost", "/en/account/sign-in/"): {"login": MANAGER, "password": "guess"},
    ("friend", "app.localhost", "/en/password/change/"): {"present": "guess", "password": "seven-green-routers"},
    ("friend", "app.localhost", "/en/payouts/account/"): {
        "holder": "Ben",
        "iban": "DE89 3704 0044 0532 0130 00",
        "password": "guess",
    },
    ("manager", "nord.localhost", "/en/account/confirm/"): {"password": "guess"},
    ("manager", "nord.localhost", "/en/account/security/password/"): {"oldpassword": "guess"},
    ("manager", "nord.localhost", "/en/account/security/app/"): {"code": "123456"},
    ("manager with app", "nord.localhost", "/en/account/confirm/"): {"password": "guess"},
    ("manager with app", "nord.localhost", "/en/account/confirm/code/"): {"code": "123456"},
    ("manager with app", "nord.localhost", "/en/account/security/password/"): {"oldpassword": "guess"},
    ("operator", "app.localhost", "/en/account/confirm/"): {"password": "guess"},
    ("operator", "app.localhost", "/en/account/security/password/"): {"oldpassword": "guess"},
    ("operator", "app.localhost", "/en/account/security/app/"): {"code": "123456"},
    ("halfway", "nord.localhost", "/en/account/sign-in/second-step/"): {"code": "123456"},
}
ASKS_A_SECRET = ('type="password"', 'autocomplete="one-time-code"')


@pytest.fixture
def people(four_near: object, olga: User, nord: Tenant) -> Callable[[str], Client]:
    """Return how to get somebody's browser by who they are."""

    def browser(who: str) -> Client:
        client = client_of("app.localhost" if who in {"friend", "operator"} else "nord.localhost")
        if who == "friend":
            assert sign_in_friend(client, PASSWORD) == 302
        elif who == "operator":
            assert sign_in_staff(client, OLGA).status_code == 302
        elif who != "stranger":
            assert sign_in_staff(client, MANAGER).status_code == 302
        if who in {"manager with app", "halfway"}:
            set_up_app(client)
        if who == "halfway":
            client = client_of("nord.localhost")
            assert sign_in_staff(client, MANAGER).status_code == 302
        return client

    return browser


@pytest.mark.parametrize("who", ["stranger", "friend", "manager", "manager with app", "operator", "halfway"])
def test_every_page_that_asks_for_a_secret_is_known(people: Callable[[str], Client], who: str) -> None:
    client = people(who)
    found = set()
    for place in places():
        if place.names or "/_" in place.path or "sign-out" in place.path or "logout" in place.path:
            continue
        if who in {"friend", "operator"} and place.host != "app.localhost":
            continue
        if who in {"manager", "manager with app", "halfway"} and place.host != "nord.localhost":
            continue
        answer = client.get(place.path, headers={"host": place.host})
        words = answer.content.decode(errors="replace") if not answer.streaming else ""
        # A new password is chosen, not guessed; it is not a secret of ours that somebody could try. And a key typed
        # into the reference goes to the API, which counts wrong ones (tests/api/test_keys.py).
        if any(mark in words for mark in ASKS_A_SECRET) and not re.search("/join/|/api/v1/docs/", place.path):
            found.add((who, place.host, place.path))

    assert found == {known for known in SECRETS if known[0] == who}


@pytest.mark.parametrize(("who", "host", "path"), SECRETS)
def test_every_secret_can_be_tried_a_few_times_only(
    people: Callable[[str], Client], who: str, host: str, path: str
) -> None:
    client = people(who)
    form = SECRETS[who, host, path]

    statuses = [client.post(path, form, headers={"host": host}).status_code for _time in range(8)]

    assert statuses == [422] * 5 + [429] * 3


# --- Mails -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", [BEN, "nobody@friends.example"])
def test_nobodys_mailbox_is_flooded_from_many_addresses(four_near: object, email: str) -> None:
    statuses = [
        client_of("app.localhost", f"192.0.2.{last}").post(FORGOTTEN, {"email": email}).status_code for last in range(7)
    ]

    assert statuses == [302] * 5 + [429] * 2


# --- The net below everything ------------------------------------------------------------------------------


def everything() -> Iterator[Place]:
    """Return all addresses, those of the admin too."""
    known = places()
    assert len(known) > 300
    assert {place.host for place in known} == set(HOSTS.values())
    return iter(known)


def test_every_address_that_takes_a_form_meets_a_limit(nord: Tenant, settings: Settings) -> None:
    settings.FORMS_FROM_ADDRESS = 1
    without = []
    for place in everything():
        cache.clear()
        client = client_of(place.host)
        first, second = (client.post(place.path).status_code for _time in range(2))
        # 404: no such address; 301: one that lacks its slash. Neither is a view.
        if second != 429 and first not in {301, 404}:
            without.append((place.path, first, second))

    # Without a key a program gets nowhere, and by its key it is counted (tests/api/test_keys.py).
    by_programs = [one for one in without if one[0].startswith("/api/v1/")]
    assert {first for _path, first, _second in by_programs} == {401}
    # What Stripe has signed is taken as often as it comes.
    assert [path for path, _first, _second in without if not path.startswith("/api/v1/")] == ["/stripe/webhook/"]


def test_every_signed_link_meets_a_limit(nord: Tenant, settings: Settings) -> None:
    settings.LINKS_FROM_ADDRESS = 1
    links = [place for place in everything() if "token" in place.names]
    assert len(links) > 20
    for place in links:
        cache.clear()
        client = client_of(place.host)

        assert [client.get(place.path).status_code == 429 for _time in range(2)] == [False, True], place.path


def test_a_friend_cannot_write_without_end(friend_client: Client, settings: Settings) -> None:
    settings.FORMS_OF_FRIEND = 2
    for _time in range(2):
        assert friend_client.post("/en/availability/resume/").status_code == 302

    refused = friend_client.post("/en/availability/resume/", REMOTE_ADDR="192.0.2.77")

    assert refused.status_code == 429
    assert "Too many attempts." in refused.content.decode()


def test_uploads_are_counted_whatever_the_form(visitor: Client, nord: Tenant, settings: Settings) -> None:
    settings.UPLOADS_FROM_ADDRESS = 2

    statuses = [visitor.post("/en/packages/wifi-setup/book/", {"photo": picture()}).status_code for _time in range(3)]

    assert statuses == [422, 422, 429]


# --- The cache ---------------------------------------------------------------------------------------------


@pytest.fixture
def absence(monkeypatch: pytest.MonkeyPatch) -> Absence:
    """Begin without remembering that a server was away."""
    fresh = Absence()
    monkeypatch.setattr(ForgivingRedisCache, "absence", fresh)
    return fresh


def use_cache(settings: Settings, port: int) -> None:
    """Use a cache that would listen at this port."""
    settings.CACHES = {
        "default": {"BACKEND": "kernel.web.caches.ForgivingRedisCache", "LOCATION": f"redis://127.0.0.1:{port}/0"}
    }


def ask_place(client: Client) -> int:
    """Ask for a place, which is limited, and return the status."""
    form = {"country": "DE", "postal_code": "10115"}
    return client.get("/en/packages/wifi-setup/place/", form).status_code


def test_without_a_cache_everybody_passes_and_the_log_says_so_once(
    visitor: Client, nord: Tenant, settings: Settings, absence: Absence, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        use_cache(settings, closed.getsockname()[1])

        with caplog.at_level(logging.ERROR, logger="kernel.web.caches"):
            statuses = {ask_place(visitor) for _time in range(130)}

    assert statuses == {200}
    assert [record.levelname for record in caplog.records if record.name == "kernel.web.caches"] == ["ERROR"]


def test_a_cache_that_hangs_is_asked_once_not_by_every_page(
    visitor: Client, nord: Tenant, settings: Settings, absence: Absence
) -> None:
    calls: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        deaf.settimeout(30)

        def accept() -> None:
            while True:
                try:
                    calls.append(deaf.accept())
                except OSError:
                    return

        listener = threading.Thread(target=accept, daemon=True)
        listener.start()
        use_cache(settings, deaf.getsockname()[1])

        assert {ask_place(visitor) for _time in range(10)} == {200}
        deaf.shutdown(socket.SHUT_RDWR)
        listener.join()

    # The first try and its one repetition.
    assert len(calls) <= 2
    assert absence.is_on
    for connection, _address in calls:
        connection.close()


def test_a_cache_that_is_away_is_an_empty_one_and_counts_again_when_it_is_back(
    settings: Settings, absence: Absence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kernel.web.caches.PAUSE_S", 0.0)
    limit = Limit("anything", most=1, within_s=60)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        use_cache(settings, closed.getsockname()[1])
        for _time in range(3):
            limit.count("somebody")
        assert cache.get("key", "nothing") == "nothing"
        assert cache.get_many(["key"]) == {}
        assert not cache.delete("key")
        limit.take_back("somebody")
        limit.forget("somebody")

    settings.CACHES = {
        "default": base.CACHES["default"]
        | {"BACKEND": "kernel.web.caches.ForgivingRedisCache", "LOCATION": base.env("CACHE_URL")}
    }
    limit.forget("somebody")
    limit.count("somebody")
    with pytest.raises(TooManyAttempts):
        limit.count("somebody")
    limit.take_back("somebody")
    limit.forget("somebody")
