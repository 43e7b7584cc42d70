"""Every page of every role in every language: each answers, is whole, in its language, accessible and fits a phone."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from demo.operators import OPERATOR_EMAIL
from demo.partners import manager_email
from tests.browser.conftest import PASSWORD, Person, mails_about
from tests.browser.crawling import LANGUAGES, Crawl, Findings
from tests.browser.test_journey import photo
from tests.running import Stack, wait_until

pytestmark = pytest.mark.browser

# The brand that speaks all languages.
BRAND = "quartett"
PLATFORM, TENANT = "config.urls_platform", "config.urls_tenant"
FEWEST = 400
# So long may a mail take while everything starts.
MAIL_S = 60
EDITOR = "editor@quartett.example"
# Whoever writes pages and looks after no orders: Wagtail's own group.
ADD_EDITOR = f"""
from accounts.services import add_staff
from tenants.context import tenant_context
from tenants.models import Tenant
with tenant_context(Tenant.objects.get(slug="{BRAND}")):
    add_staff(email="{EDITOR}", password="{PASSWORD}", first_name="Edda", last_name="Muster", language="en",
              group_name="Editors")
"""
TYPED = {"name": "Ada Crawler", "street": "Invalidenstr. 1", "phone": "030 1234567", "postal_code": "10115"}


class Tour:
    """Everybody's way over their pages, language by language."""

    def __init__(self, browser: Browser, stack: Stack, findings: Findings) -> None:
        self.browser, self.stack, self.findings = browser, stack, findings

    def go(self) -> None:
        """Walk as everybody in all languages: an order is booked in each, and a friend takes the first."""
        self.stack.run("manage", "shell", "-c", ADD_EDITOR).check_returncode()
        friend, orders = "", []
        for language in LANGUAGES:
            orders.append(self.customer(language, orders[:1]))
            friend = friend or self.take_job(orders[0])
            self.friend(language, friend)
            self.staff(language, "manager", manager_email(BRAND), BRAND, TENANT, "/admin/")
            self.staff(language, "editor", EDITOR, BRAND, TENANT, "/admin/")
            self.staff(language, "operator", OPERATOR_EMAIL, "app", PLATFORM, f"/{language}/operators/")

    def customer(self, language: str, others: list[str]) -> str:
        """Book, follow the link of the mail, and look at the whole site; return the order's path below the language."""
        with self.crawl("customer", language, TENANT) as crawl:
            email = f"crawler-{uuid4().hex[:10]}@customers.example"
            book(crawl, self.stack.url(BRAND, f"/{language}/packages/wifi-setup/book/?country=DE"), email)
            path = self.order_path(email)
            pages = [f"/{language}/", *(f"/{language}{order}" for order in [path, *others])]
            crawl.follow(*(self.stack.url(BRAND, page) for page in pages))
        return path

    def order_path(self, email: str) -> str:
        """Wait for a customer's mail, and return the path of the signed link in it, below the language."""
        link = re.compile(rf"http://{BRAND}\.localhost:\d+/\w\w(/orders/[^/\s]+/)")
        found: list[str] = []

        def look() -> bool:
            mails = [mail for mail in mails_about(self.stack, "") if mail.recipient == email]
            found.extend(match[1] for mail in mails if (match := link.search(mail.text)))
            return bool(found)

        wait_until(look, MAIL_S)
        return found[0]

    def take_job(self, order: str) -> str:
        """Let a friend take the job of an order and write to the customer; return the friend's address."""
        with self.crawl("customer", "en", TENANT) as crawl:
            crawl.page.goto(self.stack.url(BRAND, f"/en{order}"))
            number = re.search(r"QU-\d+", crawl.page.content())
        assert number is not None
        email, path = self.first_offer(number[0])
        with self.crawl("friend", "en", PLATFORM) as crawl:
            page = crawl.person.sign_in(email)
            page.wait_for_url("**/en/")
            crawl.person.open("app", path)
            with page.expect_navigation():
                page.locator("form[action$='/accept/'] button").click()
            crawl.person.open("app", f"{path}messages/")
            page.locator("main textarea").first.fill("Is the router in the hall?")
            with page.expect_navigation():
                page.locator("main form button").first.click()
        return email

    def first_offer(self, number: str) -> tuple[str, str]:
        """Wait for an offer of an order; return the friend's address and the job's path."""
        found: list[tuple[str, str]] = []

        def look() -> bool:
            for mail in mails_about(self.stack, number):
                link = re.search(r"http://app\.localhost:\d+/\w\w(/jobs/[^/\s]+/)", mail.text)
                if link and mail.recipient.endswith("@friends.example"):
                    found.append((mail.recipient, f"/en{link[1]}"))
            return bool(found)

        wait_until(look, MAIL_S)
        return found[0]

    def friend(self, language: str, email: str) -> None:
        """Look at what a stranger sees of the friends' app, then sign in and look at all of it."""
        with self.crawl("friend", language, PLATFORM) as crawl:
            door = self.stack.url("app", f"/{language}/sign-in/")
            crawl.follow(door, self.stack.url("app", f"/{language}/join/"))
            crawl.page.goto(door)
            crawl.page.locator("main input[type=email]").fill(email)
            crawl.page.locator("[name=password]").fill(PASSWORD)
            crawl.page.locator("main form button").first.click()
            crawl.page.wait_for_url(f"**/{language}/")
            crawl.forget()
            crawl.follow(self.stack.url("app", f"/{language}/"))

    def staff(self, language: str, role: str, email: str, host: str, urlconf: str, start: str) -> None:
        """Sign in at the staff's door and look at all there is."""
        with self.crawl(role, language, urlconf) as crawl:
            crawl.page.goto(self.stack.url(host, f"/{language}/account/sign-in/"))
            crawl.look()
            crawl.page.locator("[name=login]").fill(email)
            crawl.page.locator("[name=password]").fill(PASSWORD)
            crawl.page.locator("[name=password]").press("Enter")
            crawl.page.wait_for_url(f"**{start}")
            crawl.follow(self.stack.url(host, start), self.stack.url(host, f"/{language}/account/security/"))

    @contextmanager
    def crawl(self, role: str, language: str, urlconf: str) -> Iterator[Crawl]:
        """Give somebody a browser that asks for a language."""
        person = Person(self.browser, self.stack, [], locale=language)
        try:
            yield Crawl(person, self.findings, role=role, language=language, urlconf=urlconf)
        finally:
            person.context.close()


def book(crawl: Crawl, start: str, email: str) -> None:
    """Go through the steps of a booking, whatever the language, and look at each."""
    page = crawl.page
    page.goto(start)
    while not urlsplit(page.url).path.endswith("/done/"):
        here = page.url
        crawl.look()
        form = page.locator("main form[method=post]:has(.button)").last
        for box in form.locator("input:is([type=text], [type=tel], [type=email], :not([type])), textarea").all():
            box.fill((TYPED | {"email": email}).get(box.get_attribute("name") or "", "Router 7"))
        for box in form.locator("input[type=number]").all():
            box.fill("2")
        for box in form.locator("input[type=file]").all():
            box.set_input_files(photo())
        names = {box.get_attribute("name") for box in form.locator("input[type=radio]").all()}
        for name in sorted(filter(None, names)):
            form.locator(f"input[name='{name}']").last.check()
        for box in form.locator("input[type=checkbox]").all()[1:6]:
            box.check()
        form.locator(".button").last.click()
        page.wait_for_load_state()
        assert page.url != here, page.locator("[role=alert]").all_inner_texts()
    crawl.look()


# Some seven hundred pages take a slow machine longer than any other test.
@pytest.mark.timeout(1500)
@pytest.mark.crawl
def test_every_page_of_every_role_in_every_language(
    browser: Browser, running_stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    findings = Findings()
    Tour(browser, running_stack, findings).go()
    with capsys.disabled():
        sys.stdout.write(f"\n{findings}\n")
    assert findings.wrong == []
    assert sum(findings.pages.values()) >= FEWEST
