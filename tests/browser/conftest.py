"""Debian's Chromium, strict about what it sees: any console error or request that leaves the hosts fails the test."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from demo.mailbox import Mail, newest_mails
from tests.running import Stack, ports, wait_until

# So long may an answer take while other tests run beside; how fast pages are is measured elsewhere.
expect.set_options(timeout=20_000)
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
# What passes is not told one by one, which takes as long as the looking itself.
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
PASSWORD = "quartett-demo"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's browser; this one may run as root in a container."""
    return {**browser_type_launch_args, "executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


class Person:
    """Somebody with a browser of their own, on a phone unless said otherwise."""

    def __init__(self, browser: Browser, stack: Stack, faults: list[str], **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(
            **({"viewport": PHONE, "locale": "en-GB", "reduced_motion": "reduce"} | options)
        )
        self.stack, self.faults = stack, faults
        self.page: Page = self.context.new_page()
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: faults.append(str(error)))
        self.page.on("request", lambda request: self._note_request(request.url))

    def open(self, host: str, path: str) -> Page:
        """Open a path on a host of the demo."""
        self.page.goto(self.stack.url(host, path))
        return self.page

    def sign_in(self, email: str, door: str = "/en/sign-in/") -> Page:
        """Sign in on the platform host, as a friend or at another door."""
        page = self.open("app", door)
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        return page

    def assert_accessible(self, name: str) -> None:
        """Fail where axe faults the page as it is, in light or dark, or something is wider than the screen."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # both are allowed
            found = Axe().run(self.page, options=AXE).response["violations"]
            short = [f"{fault['id']}: {fault['nodes'][0]['html'][:160]}" for fault in found]
            assert short == [], f"{name} in {scheme}: {short}"
        self.page.emulate_media(color_scheme="light")
        wider = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{name} is {wider} px wider than the screen"

    def _note_console(self, message: Any) -> None:
        # The browser writes every 4xx answer to the console; those that a test asks for are no faults.
        if message.type == "error" and not re.search(r"status of 4\d\d", message.text):
            self.faults.append(message.text)

    def _note_request(self, url: str) -> None:
        ours = f"(?:{self.stack.port}|{ports(self.stack.data)['stripe']})"
        if not re.match(rf"http://([a-z-]+\.)?localhost:{ours}/|data:|blob:", url):
            self.faults.append(f"external request: {url}")


@pytest.fixture
def person(browser: Browser, running_stack: Stack) -> Iterator[Any]:
    """Return a maker of people; whatever went wrong in their browsers fails the test."""
    faults: list[str] = []
    people: list[Person] = []

    def make(**options: Any) -> Person:
        people.append(Person(browser, running_stack, faults, **options))
        return people[-1]

    yield make
    for one in people:
        one.context.close()
    assert faults == []


def mails_about(stack: Stack, words: str) -> list[Mail]:
    """Return the mails that hold some words, newest first."""
    return [mail for mail in newest_mails(stack.data / "mail") if words in mail.subject + mail.text]


def wait_for_offers(stack: Stack, number: str) -> dict[str, str]:
    """Wait for four offers of an order; return the job's path by friend."""
    found: dict[str, str] = {}

    def look() -> bool:
        for mail in mails_about(stack, number):
            link = re.search(r"http://app\.localhost:\d+/\w\w(/jobs/\S+)", mail.text)
            if link and mail.recipient.endswith("@friends.example"):
                found[mail.recipient] = f"/en{link[1]}"
        return len(found) >= 4

    wait_until(look)
    return found
