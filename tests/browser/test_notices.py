"""Push in a browser (R14): the service worker shows what comes and leads to the job; the pages are looked at."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from demo.mailbox import Mail
from demo.operators import OPERATOR_EMAIL
from tests.browser.conftest import DESK, PHONE, Person, mails_about, wait_for_offers
from tests.browser.test_journey import book
from tests.running import Stack, wait_until

pytestmark = pytest.mark.browser

SETTINGS = "/en/notices/settings/"
SHOWN = (
    "navigator.serviceWorker.ready.then(r => r.getNotifications()).then(n => n.map(x => [x.title, x.body, x.data.url]))"
)

KEPT = """
caches.keys()
  .then(names => Promise.all(names.map(name => caches.open(name).then(cache => cache.keys()))))
  .then(all => all.flat().map(request => new URL(request.url).pathname))
"""


@pytest.fixture
def offered(person: Any, running_stack: Stack) -> tuple[str, str]:
    """Return a friend who has an offer, by mail address, and the path of the job."""
    _page, number, _email = book(person(viewport=DESK))
    return next(iter(wait_for_offers(running_stack, number).items()))


def mails_to(stack: Stack, email: str) -> list[Mail]:
    return [mail for mail in mails_about(stack, "") if mail.recipient == email]


def push(friend: Person, page: Page, **payload: str) -> None:
    """Let the browser's push service deliver a message, as it does with one that came over the net."""
    registrations: list[dict[str, Any]] = []
    session = friend.context.new_cdp_session(page)
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    for _time in range(50):
        if registrations:
            break
        page.wait_for_timeout(100)
    origin = re.match(r"https?://[^/]+", page.url)
    assert origin is not None
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin[0], "registrationId": registrations[0]["registrationId"], "data": json.dumps(payload)},
    )


def test_a_push_is_shown_and_leads_to_the_job(person: Any, running_stack: Stack, offered: tuple[str, str]) -> None:
    email, path = offered
    friend: Person = person(permissions=["notifications"])
    page = friend.sign_in(email)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    assert page.evaluate(SHOWN) == []

    push(friend, page, title="Neuer Auftrag: żółć", body="41,65 €", url=path, tag="one")

    for _time in range(50):
        if page.evaluate(SHOWN):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(SHOWN) == [["Neuer Auftrag: żółć", "41,65 €", path]]

    # A test cannot click outside the page: this is what the click runs, but for the focus that only a click may give.
    [worker] = friend.context.service_workers
    worker.evaluate("href => show(href).catch(() => {})", running_stack.url("app", path))
    expect(page).to_have_url(running_stack.url("app", path))
    expect(page.get_by_role("button", name=re.compile("Accept", re.IGNORECASE)).first).to_be_visible()


def test_the_service_worker_keeps_the_page_without_connection_and_nothing_else(
    person: Any, offered: tuple[str, str]
) -> None:
    email, path = offered
    friend: Person = person()
    page = friend.sign_in(email)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    friend.open("app", path)
    kept = page.evaluate(KEPT)
    assert "/en/offline/" in kept
    assert [one for one in kept if not re.match(r"/(\w\w/offline/|static/|theme/)", one)] == []

    friend.context.set_offline(True)
    page.goto(page.url)
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    assert email not in page.content()
    friend.context.set_offline(False)
    # What the browser says of requests without a connection is no fault of the page.
    friend.faults[:] = [fault for fault in friend.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_friend_chooses_and_tries_and_every_page_is_looked_at(
    person: Any, running_stack: Stack, offered: tuple[str, str], screen: dict[str, int]
) -> None:
    email, _path = offered
    friend: Person = person(viewport=screen, permissions=["notifications"])
    page = friend.sign_in(email)
    page.get_by_label("Main menu").get_by_role("link", name="Notifications").click()
    expect(page.get_by_role("button", name=re.compile("^Unread: (Neuer Auftrag|New job)")).first).to_be_visible()
    friend.assert_accessible("inbox")

    page.get_by_role("link", name="Notification settings").click()
    expect(page.get_by_role("button", name="Turn on push notifications on this device")).to_be_visible()
    friend.assert_accessible("settings")
    page.get_by_label("Quiet from").fill("22:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    friend.assert_accessible("settings with a fault")
    page.get_by_label("Quiet from").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your choice has been saved.")).to_be_visible()

    before = len(mails_to(running_stack, email))
    page.get_by_role("button", name="Send me a test notification").click()
    expect(page.get_by_text("We've sent your test notification")).to_be_visible()
    wait_until(lambda: len(mails_to(running_stack, email)) > before)
    friend.open("app", "/en/offline/")
    friend.assert_accessible("offline")


def test_without_javascript_the_page_says_what_push_needs(person: Any, offered: tuple[str, str]) -> None:
    email, _path = offered
    friend: Person = person(java_script_enabled=False)
    friend.sign_in(email)

    page = friend.open("app", SETTINGS)

    expect(page.get_by_text("This browser cannot receive push notifications.")).to_be_visible()
    expect(page.get_by_role("button", name="Turn on push notifications on this device")).to_be_hidden()


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_an_operator_looks_at_the_delivery(person: Any, offered: tuple[str, str], screen: dict[str, int]) -> None:
    operator: Person = person(viewport=screen)
    page = operator.sign_in(OPERATOR_EMAIL, "/en/account/sign-in/")

    page.get_by_role("link", name="Jobs", exact=True).click()
    page.get_by_role("link", name="Delivery").click()

    expect(page.get_by_role("row", name=re.compile(r"New offers · Email"))).to_be_visible()
    operator.assert_accessible("delivery")
