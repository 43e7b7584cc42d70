"""A manager's passkey in a real browser with a virtual authenticator, and the looks of the staff's door."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PASSWORD, Person

pytestmark = pytest.mark.browser

# No other test signs in as this brand's manager, who for a while cannot do so with the password alone.
HOST = "alpenfunk"
SECURITY = "/en/account/security/"


def give_authenticator(person: Person) -> None:
    """Put a device with a fingerprint reader into the browser, as a phone or a laptop has."""
    devtools = person.context.new_cdp_session(person.page)
    devtools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def open_door(person: Person) -> Page:
    """Open the sign-in."""
    return person.open(HOST, "/en/account/sign-in/")


def enter_password(page: Page) -> None:
    """Sign in with the password."""
    page.get_by_label("Email").fill(f"manager@{HOST}.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def expect_admin(page: Page) -> None:
    """Wait for the admin."""
    page.wait_for_url("**/admin/")


def sign_out(person: Person) -> None:
    """Sign out on the page of sign-in and security."""
    person.open(HOST, SECURITY).get_by_role("button", name="Sign out").click()
    expect(person.page.get_by_role("heading", name="Sign in to")).to_be_visible()


@pytest.mark.parametrize("viewport", [None, DESK], ids=["phone", "desk"])
def test_a_manager_makes_a_passkey_and_signs_in_with_it(person: Any, viewport: dict[str, int] | None) -> None:
    manager: Person = person(**({"viewport": viewport} if viewport else {}))
    give_authenticator(manager)
    page = open_door(manager)
    manager.assert_accessible("sign-in")
    enter_password(page)
    expect_admin(page)

    manager.open(HOST, SECURITY)
    manager.assert_accessible("security")
    page.get_by_role("link", name="Add a passkey").click()
    manager.assert_accessible("add a passkey")
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    manager.assert_accessible("recovery codes")

    sign_out(manager)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect_admin(page)

    sign_out(manager)
    enter_password(page)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    manager.assert_accessible("second step")
    page.get_by_role("button", name="Use a passkey").click()
    expect_admin(page)

    manager.open(HOST, SECURITY)
    expect(page.get_by_text("Work laptop").first).to_be_visible()
    manager.assert_accessible("security with a passkey")
    page.get_by_role("link", name="Remove Work laptop").click()
    manager.assert_accessible("remove a passkey")
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("The passkey has been removed.")).to_be_visible()

    sign_out(manager)
    enter_password(page)
    expect_admin(page)


def test_a_device_without_a_passkey_is_told_so_and_other_ways_stay(person: Any) -> None:
    manager: Person = person()
    give_authenticator(manager)
    page = open_door(manager)

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("The browser did not use a passkey.")
    enter_password(page)
    expect_admin(page)


def test_the_other_pages_of_the_door_are_fit_for_everybody(person: Any) -> None:
    manager: Person = person()
    for path in ("password/forgotten/", "password/forgotten/sent/", "password/new/void/"):
        manager.open(HOST, f"/en/account/{path}")
        manager.assert_accessible(path)
    enter_password(open_door(manager))
    expect_admin(manager.page)
    for path in ("security/app/", "security/password/", "sign-out/"):
        manager.open(HOST, f"/en/account/{path}")
        manager.assert_accessible(path)


def test_without_javascript_the_door_still_opens(person: Any) -> None:
    manager: Person = person(java_script_enabled=False)
    page = open_door(manager)

    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    enter_password(page)

    manager.open(HOST, "/en/account/security/app/")
    expect(page.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
