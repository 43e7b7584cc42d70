"""Every page of every role in every language: each answers, is whole, in its language, accessible and fits a phone.

A role's first language is part of ``make test``, with axe and all buttons; ``make crawl`` goes over the others too.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from demo.operators import OPERATOR_EMAIL
from demo.partners import manager_email
from tests.browser.conftest import PASSWORD, Person, mails_about
from tests.browser.crawling import Crawl, Visited
from tests.browser.test_journey import photo
from tests.running import Stack, wait_until

pytestmark = pytest.mark.browser

# The brand that speaks all languages.
BRAND = "quartett"
PLATFORM, TENANT = "config.urls_platform", "config.urls_tenant"
LANGUAGES = ("en", "de", "fr", "it", "pl")
FIRST = {"customer": "de", "friend": "pl", "manager": "fr", "editor": "it", "operator": "de"}
# So many pages at least has each role in each language, and all of them together.
FEWEST = {"customer": 15, "friend": 30, "manager": 15, "editor": 2, "operator": 30}
FEWEST_OF_ALL = 400
# So long may a mail take while everything starts.
MAIL_S = 60
# Whoever writes pages and looks after no orders: Wagtail's own group.
ADD_EDITOR = f"""
from accounts.services import add_staff
from tenants.context import tenant_context
from tenants.models import Tenant
with tenant_context(Tenant.objects.get(slug="{BRAND}")):
    add_staff(email="%s", password="{PASSWORD}", first_name="Edda", last_name="Muster", language="en",
              group_name="Editors")
"""
TYPED = {"name": "Ada Crawler", "street": "Invalidenstr. 1", "phone": "030 1234567", "postal_code": "10115"}

CrawlAs = Callable[[str, str, str], Crawl]


@dataclass(frozen=True)
class Taken:
    """An order with a friend: its path below the language, and the friend's address."""

    path: str
    friend_email: str


def cells(*roles: str) -> list[Any]:
    """Return roles with their languages, the first one first; the others belong to the whole crawl."""
    found = []
    for role in roles:
        for language in sorted(LANGUAGES, key=lambda one: one != FIRST[role]):
            marks = [] if language == FIRST[role] else [pytest.mark.crawl]
            found.append(pytest.param(role, language, id=f"{role}-{language}", marks=marks))
    return found


@pytest.fixture(scope="module")
def visited(request: pytest.FixtureRequest) -> Iterator[Visited]:
    """Return what is shared by all crawls of a run, and print the number of pages at its end."""
    visited = Visited()
    yield visited
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{visited}")  # noqa: T201  # a figure to be seen


@pytest.fixture(scope="module")
def editor(running_stack: Stack) -> str:
    """Let somebody write the brand's pages, and return their address."""
    email = new_address("editor")
    running_stack.run("manage", "shell", "-c", ADD_EDITOR % email).check_returncode()
    return email


@pytest.fixture(scope="module")
def taken(browser: Browser, running_stack: Stack) -> Taken:
    """Book as a customer, take the job as the first friend who is asked, and write to the customer."""
    faults: list[str] = []
    customer, friend = (Person(browser, running_stack, faults) for _ in range(2))
    email = new_address("customer")
    book(customer, "/en/packages/wifi-setup/book/?country=DE", email)
    path = order_path(running_stack, email)
    number = re.search(r"QU-\d+", customer.open(BRAND, f"/en{path}").content())
    assert number is not None
    friend_email, job = first_offer(running_stack, number[0])
    page = friend.sign_in(friend_email)
    page.wait_for_url("**/en/")
    friend.open("app", job)
    with page.expect_navigation():
        page.locator("form[action$='/accept/'] button").click()
    friend.open("app", f"{job}messages/")
    page.locator("main textarea").first.fill("Is the router in the hall?")
    with page.expect_navigation():
        page.locator("main form button").first.click()
    for one in (customer, friend):
        one.context.close()
    assert faults == []
    return Taken(path, friend_email)


@pytest.fixture
def crawl_as(browser: Browser, running_stack: Stack, visited: Visited) -> Iterator[CrawlAs]:
    """Return a maker of crawls, each with a browser that asks for its language."""
    people: list[Person] = []

    def crawl_as(role: str, language: str, urlconf: str) -> Crawl:
        people.append(Person(browser, running_stack, [], locale=language))
        return Crawl(people[-1], visited, role=role, language=language, urlconf=urlconf)

    yield crawl_as
    for one in people:
        one.context.close()


@pytest.mark.parametrize(("role", "language"), cells("customer"))
def test_all_that_a_customer_sees(
    role: str, language: str, crawl_as: CrawlAs, running_stack: Stack, taken: Taken
) -> None:
    crawl = crawl_as(role, language, TENANT)
    email = new_address("customer")
    book(crawl.person, f"/{language}/packages/wifi-setup/book/?country=DE", email, look=crawl.look)
    orders = [order_path(running_stack, email), taken.path]
    pages = [f"/{language}/", *(f"/{language}{order}" for order in orders)]
    crawl.follow(*(running_stack.url(BRAND, page) for page in pages))

    assert not crawl.wrong, "\n".join(crawl.wrong)
    assert crawl.count >= FEWEST[role]


@pytest.mark.parametrize(("role", "language"), cells("friend"))
def test_all_that_a_friend_sees(
    role: str, language: str, crawl_as: CrawlAs, running_stack: Stack, taken: Taken
) -> None:
    crawl = crawl_as(role, language, PLATFORM)
    door = running_stack.url("app", f"/{language}/sign-in/")
    crawl.follow(door, running_stack.url("app", f"/{language}/join/"))
    crawl.page.goto(door)
    crawl.page.locator("main input[type=email]").fill(taken.friend_email)
    crawl.page.locator("[name=password]").fill(PASSWORD)
    crawl.page.locator("main form button").first.click()
    crawl.page.wait_for_url(f"**/{language}/")
    crawl.forget()
    crawl.follow(running_stack.url("app", f"/{language}/"))

    assert not crawl.wrong, "\n".join(crawl.wrong)
    assert crawl.count >= FEWEST[role]


@pytest.mark.parametrize(("role", "language"), cells("manager", "editor", "operator"))
def test_all_that_staff_see(role: str, language: str, crawl_as: CrawlAs, running_stack: Stack, editor: str) -> None:
    email, host, urlconf, start = {
        "manager": (manager_email(BRAND), BRAND, TENANT, "/admin/"),
        "editor": (editor, BRAND, TENANT, "/admin/"),
        "operator": (OPERATOR_EMAIL, "app", PLATFORM, f"/{language}/operators/"),
    }[role]
    crawl = crawl_as(role, language, urlconf)
    crawl.page.goto(running_stack.url(host, f"/{language}/account/sign-in/"))
    crawl.look()
    crawl.page.locator("[name=login]").fill(email)
    crawl.page.locator("[name=password]").fill(PASSWORD)
    crawl.page.locator("[name=password]").press("Enter")
    crawl.page.wait_for_url(f"**{start}")
    crawl.follow(running_stack.url(host, start), running_stack.url(host, f"/{language}/account/security/"))

    assert not crawl.wrong, "\n".join(crawl.wrong)
    assert crawl.count >= FEWEST[role]


def test_the_whole_crawl_has_enough_pages() -> None:
    assert len(LANGUAGES) * sum(FEWEST.values()) >= FEWEST_OF_ALL


def book(customer: Person, start: str, email: str, *, look: Callable[[], object] = lambda: None) -> None:
    """Go through the steps of a booking, whatever the language, and look at each."""
    page = customer.open(BRAND, start)
    while not urlsplit(page.url).path.endswith("/done/"):
        here = page.url
        look()
        form = page.locator("main form[method=post]:has(.button)").last
        for box in form.locator("input:is([type=text], [type=tel], [type=email], :not([type])), textarea").all():
            # What only companies say is folded.
            if box.is_visible():
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
        for box in form.locator("[name=early_start]").all():
            box.check()
        form.locator(".button").last.click()
        page.wait_for_load_state()
        assert page.url != here, page.locator("[role=alert]").all_inner_texts()
    look()


def new_address(role: str) -> str:
    """Return an address that nobody has yet."""
    return f"{role}-{uuid4().hex[:10]}@crawler.example"


def order_path(stack: Stack, email: str) -> str:
    """Wait for a customer's mail, and return the path of the signed link in it, below the language."""
    link = re.compile(rf"http://{BRAND}\.localhost:\d+/\w\w(/orders/[^/\s]+/)")
    found: list[str] = []

    def look() -> bool:
        mails = [mail for mail in mails_about(stack, "") if mail.recipient == email]
        found.extend(match[1] for mail in mails if (match := link.search(mail.text)))
        return bool(found)

    wait_until(look, MAIL_S)
    return found[0]


def first_offer(stack: Stack, number: str) -> tuple[str, str]:
    """Wait for an offer of an order; return the friend's address and the job's path."""
    found: list[tuple[str, str]] = []

    def look() -> bool:
        for mail in mails_about(stack, number):
            link = re.search(r"http://app\.localhost:\d+/\w\w(/jobs/[^/\s]+/)", mail.text)
            if link and mail.recipient.endswith("@friends.example"):
                found.append((mail.recipient, f"/en{link[1]}"))
        return bool(found)

    wait_until(look, MAIL_S)
    return found[0]
