"""What only a mouse and a phone show of the booking: no click is lost, and the times fit a small screen."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESK

pytestmark = pytest.mark.browser


def press(page: Page, name: str, *, for_ms: int) -> None:
    """Click a button by mouse as a hand does: it stays down for a while, wherever the button goes meanwhile."""
    box = page.get_by_role("button", name=name).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(for_ms)
    page.mouse.up()


@pytest.mark.parametrize("latency_ms", [0, 30, 60, 90, 120])
def test_the_first_click_counts_however_fast_the_answer_comes(person: Any, latency_ms: int) -> None:
    customer = person(viewport=DESK)
    page = customer.open("volthaus", "/en/packages/wifi-setup/")

    def answer_late(route: Route) -> None:
        page.wait_for_timeout(latency_ms)
        route.continue_()

    page.route("**/place/*", answer_late)
    page.get_by_label("Postal code").press_sequentially("10115")

    press(page, "Check and book", for_ms=100)

    expect(page.get_by_role("heading", name="What is it about?")).to_be_visible()
