"""Every theme can be read by everybody, in light and in dark, on a phone and on a desk, and answers a postal code."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
# The demo brands, each in a theme of its own: language, a postal code that is covered, the words that say so.
BRANDS = [
    ("quartett", "en", "8001", "Yes, we cover 8001"),
    ("volthaus", "de", "10115", "Ja, wir kommen nach 10115"),
    ("alpenfunk", "de", "8001", "Ja, wir kommen nach 8001"),
    ("lumenwerk", "en", "10115", "Yes, we cover 10115"),
]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(("brand", "language", "code", "words"), BRANDS, ids=[brand for brand, *_more in BRANDS])
def test_the_home_page_of_every_theme_answers_and_is_accessible(
    person: Any, brand: str, language: str, code: str, words: str, viewport: dict[str, int]
) -> None:
    visitor = person(viewport=viewport)
    page = visitor.open(brand, f"/{language}/")

    page.locator("#near-code").fill(code)
    page.locator("#near-code").press("Enter")

    expect(page.locator("#near-answer")).to_contain_text(words)
    visitor.assert_accessible(f"{brand}, home")


@pytest.mark.parametrize("brand", [brand for brand, *_more in BRANDS])
def test_all_components_of_every_theme_are_accessible(person: Any, brand: str) -> None:
    visitor = person(viewport=PHONE)
    visitor.open(brand, "/styleguide/")

    visitor.assert_accessible(f"{brand}, style guide")
