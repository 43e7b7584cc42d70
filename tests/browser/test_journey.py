"""The main job in a browser: a customer books, a friend accepts, the page follows live; with and without JavaScript."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import DESK, PASSWORD, Person, mails_about, wait_for_offers
from tests.running import Stack, wait_until

pytestmark = pytest.mark.browser


def photo() -> FilePayload:
    """Return a small photo for an upload field."""
    out = BytesIO()
    Image.new("RGB", (60, 40), "navy").save(out, "JPEG")
    return {"name": "router.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def fill_in(customer: Person, *, way_to_pay: str, looks: bool = False) -> str:
    """Fill in a booking at Volthaus over the pages, up to the last look at it; return the customer's address."""
    email = f"browser-{uuid4().hex[:10]}@customers.example"

    def look(name: str) -> None:
        if looks:
            customer.assert_accessible(name)

    page = customer.open("volthaus", "/en/")
    look("home")
    page.get_by_role("link", name="See packages and prices").click()
    look("catalogue")
    page.get_by_role("link", name="Wi-Fi set-up").click()
    look("package")
    page.get_by_label("Postal code").fill("10115")
    page.get_by_role("button", name="Check and book").click()
    expect(page.get_by_role("heading", name="What is it about?")).to_be_visible()
    expect(page.get_by_text("Yes, we cover 10115")).to_be_visible()
    look("questions")
    page.get_by_label("Cable").check()
    for box in page.get_by_role("textbox").all():
        box.fill("Router 7")
    for box in page.get_by_role("spinbutton").all():
        box.fill("2")
    for upload in page.locator("input[type=file]").all():
        upload.set_input_files(photo())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="When would it suit you?")).to_be_visible()
    look("times")
    for box in page.get_by_label("Evening").all()[1:6]:
        box.check()
    page.get_by_role("button", name="Continue").click()
    look("contact")
    page.get_by_label("First and last name").fill("Ada Browser")
    page.get_by_label("Street and number", exact=True).fill("Invalidenstr. 1")
    page.get_by_label("Phone").fill("030 1234567")
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Continue").click()
    look("payment")
    page.get_by_label(way_to_pay).check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Ada Browser")).to_be_visible()
    page.get_by_label("I expressly ask for the work to begin").check()
    look("review")
    return email


def draw_on(app: Page, label: str) -> None:
    """Draw a line with the mouse on a field for signatures."""
    field = app.get_by_role("img", name=label)
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box is not None
    app.mouse.move(box["x"] + 20, box["y"] + 20)
    app.mouse.down()
    app.mouse.move(box["x"] + 120, box["y"] + 60, steps=5)
    app.mouse.up()


def book(customer: Person, *, looks: bool = False) -> tuple[Page, str, str]:
    """Book at Volthaus over the pages; return the page, the order's number and the customer's address."""
    email = fill_in(customer, way_to_pay="In cash, on site", looks=looks)
    page = customer.page
    page.get_by_role("button", name="Order with obligation to pay").click()
    expect(page.get_by_role("heading", name="Thank you for your order")).to_be_visible()
    if looks:
        customer.assert_accessible("confirmation")
    number = re.search(r"VO-\d+", page.content())
    assert number is not None
    return page, number[0], email


def test_booking_accepting_and_rating_with_every_page_looked_at(person: Any, running_stack: Stack) -> None:
    customer, friend = person(), person()
    page, number, email = book(customer, looks=True)
    page.get_by_role("link", name="Follow your order").click()
    customer.assert_accessible("status: searching")

    offers = wait_for_offers(running_stack, number)
    address, job_path = next(iter(offers.items()))
    friend.open("app", "/en/sign-in/")
    friend.assert_accessible("sign-in")
    app = friend.sign_in(address)
    expect(app.get_by_role("heading", name="Offers for you")).to_be_visible()
    friend.assert_accessible("offers")
    friend.open("app", job_path)
    expect(app.get_by_text("Ada Browser")).to_have_count(0)
    friend.assert_accessible("offer")
    app.get_by_role("button", name="Accept the job").click()
    expect(app.get_by_role("heading", name="Ada Browser")).to_be_visible()
    expect(app.get_by_text(email)).to_have_count(0)
    friend.assert_accessible("job")

    # Nobody reloads: the customer's page hears of it by itself.
    expect(page.get_by_role("heading", name="has accepted your order")).to_be_visible(timeout=15_000)
    customer.assert_accessible("status: friend found")

    app.get_by_role("button", name="I have contacted the customer").click()
    app.get_by_role("link", name="Propose an appointment").click()
    friend.assert_accessible("propose a date")
    app.get_by_label("Date and time").fill(f"{datetime.now() + timedelta(days=3):%Y-%m-%dT18:00}")  # as typed
    app.get_by_role("button", name="Send to the customer").click()
    page.get_by_role("button", name="This appointment suits me").click(timeout=15_000)
    expect(page.get_by_role("heading", name="Your appointment is confirmed")).to_be_visible()
    customer.assert_accessible("status: date agreed")

    friend.open("app", job_path)
    app.get_by_role("link", name="Close the job").click()
    app.get_by_role("button", name="Close the job").click()
    expect(app.get_by_role("alert")).to_be_focused()
    friend.assert_accessible("report with faults")
    app.get_by_label("What did you do?").fill("Everything works.")
    app.get_by_label("Minutes on site").fill("40")
    app.get_by_label("Why do you close the job already?").fill("It suited both of us today.")
    app.get_by_label("The customer has paid me in cash").check()
    app.get_by_label("Name of whoever signs").fill("Ada Lovelace")
    draw_on(app, "Field for the signature")
    friend.assert_accessible("report with a signature")
    app.get_by_role("button", name="Close the job").click()
    expect(page.get_by_role("img", name="Signature of Ada Lovelace")).to_be_visible(timeout=15_000)
    page.get_by_role("radio", name="5 stars").first.check(timeout=15_000)
    customer.assert_accessible("status: done")
    page.get_by_role("button", name="Send the rating").click()
    expect(page.get_by_text("Thank you for your rating.")).to_be_visible()
    customer.assert_accessible("status: rated")
    friend.open("app", f"{job_path}rate/")
    friend.assert_accessible("rate the customer")
    app.get_by_role("radio", name="5 stars").first.check()
    app.get_by_role("button", name="Send the rating").click()
    expect(app.get_by_text("The customer sees your rating as soon as both of you have rated.")).to_be_visible()
    wait_until(lambda: any("★★★★★" in mail.subject for mail in mails_about(running_stack, "★★★★★")))
    friend.open("app", job_path)
    friend.assert_accessible("job: rated")
    for path, name in (("/en/jobs/", "jobs"), ("/en/profile/", "profile")):
        friend.open("app", path)
        friend.assert_accessible(name)


def test_booking_works_without_javascript(person: Any) -> None:
    customer = person(java_script_enabled=False, viewport=DESK)

    _page, number, _email = book(customer)

    assert number.startswith("VO-")


def test_the_answer_to_a_place_comes_while_typing(person: Any) -> None:
    customer = person()
    page = customer.open("volthaus", "/en/packages/wifi-setup/")

    page.get_by_label("Postal code").fill("10115")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Yes, we cover 10115")).to_be_visible()
    customer.assert_accessible("package with answer")

    page.get_by_label("Postal code").fill("00000")
    page.get_by_role("button", name="Check and book").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Postal code")).to_have_value("00000")
    customer.assert_accessible("place with fault")


def test_the_summary_leads_to_the_field_by_keyboard(person: Any) -> None:
    customer = person()
    page = customer.open("volthaus", "/en/packages/wifi-setup/book/")
    page.get_by_role("button", name="Check and book").click()

    page.get_by_role("alert").get_by_role("link").press("Enter")

    expect(page.get_by_label("Postal code")).to_be_focused()


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("alpenfunk", "/fr/"),
        ("alpenfunk", "/it/packages/"),
        ("lumenwerk", "/pl/packages/thermostats/"),
        ("quartett", "/de/imprint/"),
        ("volthaus", "/styleguide/"),
        ("alpenfunk", "/styleguide/"),
        ("lumenwerk", "/styleguide/"),
        ("volthaus", "/de/nothing-here/"),
    ],
)
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_every_brand_are_accessible(person: Any, host: str, path: str, width: int) -> None:
    visitor = person(viewport={"width": width, "height": 900})

    visitor.open(host, path)

    visitor.assert_accessible(f"{host}{path}")


def test_the_start_page_and_the_mail_reader_are_accessible(person: Any, running_stack: Stack) -> None:
    visitor = person(viewport=DESK)
    visitor.page.goto(f"http://localhost:{running_stack.port}/")
    visitor.assert_accessible("start page")
    visitor.page.get_by_role("link", name="Read the emails").click()
    visitor.assert_accessible("mail reader")


def test_colours_can_be_switched_and_stay(person: Any) -> None:
    visitor = person()
    page = visitor.open("volthaus", "/en/")
    page.get_by_role("button", name="Dark mode").click()

    visitor.open("volthaus", "/en/packages/")

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_manager_reads_an_order_in_the_admin(person: Any) -> None:
    _page, number, _email = book(person())
    manager = person(viewport=DESK)
    page = manager.open("volthaus", "/admin/login/")
    page.locator("input[name=login]").fill("manager@volthaus.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.get_by_role("heading", name="Needs your attention")).to_be_visible()

    manager.open("volthaus", "/admin/orders/")
    page.get_by_role("link", name=number).first.click()

    expect(page.get_by_role("heading", name="Log", exact=True)).to_be_visible()
