"""The operators' pages in a browser: looked at by axe on a phone and at a desk, driven by hand and by keyboard."""

from typing import Any

import pytest
from playwright.sync_api import expect

from demo.operators import OPERATOR_EMAIL
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser

STAFF_DOOR = "/en/account/sign-in/"
VOLTHAUS = "/en/operators/partners/volthaus/"


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_an_operator_finds_a_partner_and_every_page_is_looked_at(person: Any, screen: dict[str, int]) -> None:
    operator = person(viewport=screen)
    page = operator.sign_in(OPERATOR_EMAIL, STAFF_DOOR)
    expect(page.get_by_role("heading", name="To do")).to_be_visible()
    operator.assert_accessible("to do")
    page.get_by_role("link", name="Partners").click()
    expect(page.get_by_role("heading", name="Partners")).to_be_visible()
    operator.assert_accessible("list")

    page.get_by_label("Name, short name or host").fill("volt")
    page.get_by_label("Name, short name or host").press("Enter")
    expect(page.get_by_text("1 partner", exact=True)).to_be_visible()
    page.get_by_role("link", name="Volthaus").click()
    expect(page.get_by_role("heading", name="Hosts")).to_be_visible()
    operator.assert_accessible("partner")

    for name in ("Settings", "Commissions", "History"):
        page.get_by_label("About this partner").get_by_role("link", name=name).click()
        operator.assert_accessible(name)


def test_a_new_partner_is_typed_looked_at_and_corrected(person: Any) -> None:
    operator = person(viewport=PHONE)
    operator.sign_in(OPERATOR_EMAIL, STAFF_DOOR)
    page = operator.open("app", "/en/operators/new/")
    operator.assert_accessible("new partner")
    page.get_by_label("Short name").fill("admin")
    page.get_by_label("Brand colour").fill("#ffe600")

    page.get_by_role("button", name="Preview the colours first").click()
    expect(page.get_by_text("Nothing has been saved yet")).to_be_visible()
    operator.assert_accessible("colours")

    page.get_by_role("button", name="Create the partner").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Short name")).to_have_value("admin")
    operator.assert_accessible("faults")


def test_a_setting_is_changed_without_javascript_and_stands_in_the_history(person: Any) -> None:
    operator = person(viewport=DESK, java_script_enabled=False)
    operator.sign_in(OPERATOR_EMAIL, STAFF_DOOR)
    page = operator.open("app", f"{VOLTHAUS}settings/")
    minutes = page.get_by_label("Minutes to answer an offer")
    before = int(minutes.input_value())

    minutes.fill(str(before + 1))
    page.get_by_role("button", name="Save the settings").click()

    expect(page.get_by_text("The settings have been saved.")).to_be_visible()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("Minutes to answer an offer").first).to_be_visible()
    # Other tests book here: put back what they rely on.
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Minutes to answer an offer").fill(str(before))
    page.get_by_role("button", name="Save the settings").click()
    expect(page.get_by_text("The settings have been saved.")).to_be_visible()
