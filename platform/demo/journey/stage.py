"""What every story stands on: people with browsers of their own, their mails, and a transcript of what is true."""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings

from demo.addresses import Addresses, Site
from demo.mailbox import Mail, newest_mails
from demo.web import Page, Visitor

Found = TypeVar("Found")

PATIENCE_S = 120
POLL_S = 0.2
MAILS = settings.DATA / "mail"


class UntruthError(AssertionError):
    """Something is not as it must be."""


class Stage:
    """One run, with its clock and its transcript."""

    def __init__(self, addresses: Addresses) -> None:
        self.addresses = addresses
        self.sites = {site.slug: site for site in addresses.sites}
        self.begun = time.monotonic()
        self.run = f"{time.time_ns() // 1_000_000:x}"
        self.friends: dict[str, Visitor] = {}
        # Of managers who have chosen one of their own, by address.
        self.passwords: dict[str, str] = {}

    def customer_sees_health(self) -> bool:
        """Say whether the web server answers."""
        return Visitor().get(f"{self.addresses.start_url}health/").status == HTTPStatus.OK

    def friend(self, email: str) -> Visitor:
        """Return a signed-in friend."""
        if email not in self.friends:
            visitor = Visitor("de")
            page = visitor.get(f"{self.addresses.platform_url}de/sign-in/")
            page = visitor.submit(page.form("/sign-in/"), username=email, password=self.addresses.password)
            self.check(page.status == 200 and "/sign-in/" not in page.url, f"{email} signs in", is_quiet=True)
            self.friends[email] = visitor
        return self.friends[email]

    def manager(self, site: Site) -> Visitor:
        """Return the partner's signed-in manager."""
        visitor = Visitor("de")
        page = visitor.get(f"{site.admin_url}login/")
        password = self.passwords.get(site.manager, self.addresses.password)
        page = visitor.submit(page.form("/sign-in/"), login=site.manager, password=password)
        self.check(page.status == 200 and "/sign-in/" not in page.url, f"{site.manager} signs in", is_quiet=True)
        return visitor

    def post(self, visitor: Visitor, url: str, action: str) -> Page:
        """Press the button of a page that leads to an action."""
        return visitor.submit(visitor.get(url).form(action))

    def link_to(self, page: Page, number: str) -> str:
        """Return the address behind an order's number."""
        found = re.search(rf'href="([^"]+/inspect/\d+/|[^"]+)"[^>]*>\s*{number}\s*<', page.text)
        if found is None:
            raise UntruthError(f"no link to {number} on {page.url}")
        scheme, host = urlsplit(page.url)[:2]
        return f"{scheme}://{host}{found[1]}"

    def mails(self, recipient: str = "", words: str = "") -> list[Mail]:
        """Return this run's mails to somebody that contain some words, oldest first."""
        since = datetime.now().astimezone() - timedelta(seconds=time.monotonic() - self.begun + 1)
        return [
            mail
            for mail in reversed(newest_mails(MAILS))
            if (not recipient or mail.recipient == recipient)
            and words in mail.subject + mail.text
            and (mail.sent_at is None or mail.sent_at >= since.replace(microsecond=0))
        ]

    def mail_to(self, recipient: str, words: str, *, after: int, attachment: str = "") -> Mail:
        """Wait for the so many-th mail to somebody, with an attachment where one is wanted."""

        def look() -> Mail | None:
            found = [mail for mail in self.mails(recipient, words) if not attachment or attachment in mail.attachments]
            return found[after - 1] if len(found) >= after else None

        return self.wait(look, f"mail {after} to {recipient}")

    def wait(self, look: Callable[[], Found | None], what: str) -> Found:
        """Return what ``look`` finds.

        Raises UntruthError where it finds nothing in time.
        """
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = look()
            if found is not None:
                return found
            if time.monotonic() > deadline:
                raise UntruthError(f"this did not happen: {what}")
            time.sleep(POLL_S)

    def check(self, is_true: bool, what: str, *, is_quiet: bool = False) -> None:
        """Write a truth down.

        Raises UntruthError where it is none.
        """
        if not is_true:
            raise UntruthError(f"not true: {what}")
        if not is_quiet:
            self.say(what)

    def say(self, text: str) -> None:
        """Write a line of the transcript, with the seconds since the beginning."""
        print(f"{time.monotonic() - self.begun:7.1f} s  {text}", flush=True)  # noqa: T201  # a terminal's programme


def first_link(mail: Mail, part: str) -> str:
    """Return the first address in a mail that contains a part.

    Raises UntruthError where there is none.
    """
    found = re.search(rf"http\S+{part}\S+", mail.text)
    if found is None:
        raise UntruthError(f"no link to {part} in {mail.subject}")
    return found[0]
