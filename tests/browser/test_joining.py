"""Signing up as a friend in a browser (R9): every page is looked at by axe."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from demo.operators import OPERATOR_EMAIL
from tests.browser.conftest import DESK, PHONE, mails_about
from tests.joining import PDF
from tests.running import Stack, wait_until

pytestmark = pytest.mark.browser

STAFF_DOOR = "/en/account/sign-in/"
EMAIL = "nele@new.example"
CONFIRM = "Confirm your email address"


def test_a_neighbour_signs_up_sends_a_document_and_an_operator_approves(person: Any, running_stack: Stack) -> None:
    nele = person(viewport=PHONE)
    page = nele.open("alpenfunk", "/en/community/")
    page.get_by_role("link", name="Become a friend").click()
    nele.assert_accessible("home")
    page.get_by_label("Country").select_option("CH")
    page.get_by_label("Postal code").fill("8001")
    page.get_by_label("Travel radius in kilometres").fill("5000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("1 to 100 km")
    nele.assert_accessible("home with a fault")
    page.get_by_label("Travel radius in kilometres").fill("25")
    page.get_by_role("button", name="Continue").click()
    nele.assert_accessible("account")
    for label, value in (
        ("First name", "Nele"),
        ("Last name", "Browser"),
        ("Date of birth", "1995-05-05"),
        ("Email", EMAIL),
        ("Phone", "044 668 18 00"),
        ("Password", "seven-lamps-in-a-row"),
    ):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Continue").click()
    nele.assert_accessible("skills")
    page.locator("[name=skill_ids]").first.check()
    page.locator("[name=free_week]").first.check()
    page.get_by_role("button", name="Continue").click()
    nele.assert_accessible("communities")
    page.get_by_role("button", name="Become a friend").click()
    expect(page.get_by_text(EMAIL)).to_be_visible()
    nele.assert_accessible("sent")

    wait_until(lambda: any(mail.recipient == EMAIL for mail in mails_about(running_stack, CONFIRM)))
    mail = next(mail for mail in mails_about(running_stack, CONFIRM) if mail.recipient == EMAIL)
    link = re.search(r"http://app\.localhost:\d+(/\S+)", mail.text)
    assert link is not None
    nele.open("app", link[1])
    nele.assert_accessible("confirm")
    page.get_by_role("button", name="Confirm and continue").click()
    expect(page.get_by_role("heading", name="Send a proof of age")).to_be_visible()
    nele.assert_accessible("status")
    page.locator("[name=file]").set_input_files({"name": "id.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="Send the document").click()
    expect(page.get_by_role("heading", name="We check your proof of age")).to_be_visible()
    for path in ("profile/", "profile/edit/", "availability/", "communities/", "profile/pro/"):
        nele.open("app", f"/en/{path}")
        nele.assert_accessible(path)

    operator = person(viewport=DESK)
    desk = operator.sign_in(OPERATOR_EMAIL, STAFF_DOOR)
    desk.get_by_role("link", name="Documents").click()
    operator.assert_accessible("documents")
    desk.get_by_role("link", name="Nele Browser").first.click()
    operator.assert_accessible("document")
    desk.get_by_role("button", name="Approve").click()
    expect(desk.get_by_text("The file has been deleted")).to_be_visible()
    operator.open("app", "/en/operators/pro-countries/")
    operator.assert_accessible("countries with pros")
    nele.open("app", "/en/welcome/")
    expect(page.get_by_role("heading", name="Age checked")).to_be_visible()
