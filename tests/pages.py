"""Looking at pages as a test needs to: well-formed HTML5, forms, links."""

import html5lib
from django.http import HttpResponse
from django.test import Client

from tests.cast import ADA, wished_windows

# What html5lib's strict parser knows less of than the standard does: SVG's <use> with a plain href is fine there.
BOOKING = "/en/packages/wifi-setup/book/"


def assert_valid_html(answer: HttpResponse) -> None:
    """Fail where a page is not well-formed HTML5."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(answer.content.decode())
    faults = [f"{place}: {code} {data}" for place, code, data in parser.errors]
    assert not faults, faults[:5]


def start_booking(client: Client, postal_code: str = "10115") -> str:
    """Begin a booking and return the path of the draft, ending with a slash."""
    answer = client.post(BOOKING, {"country": "DE", "postal_code": postal_code})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer["Location"].removesuffix("questions/")


def fill_in(client: Client, draft: str) -> None:
    """Answer all steps of a booking but the last."""
    steps = {
        "questions": {"provider": "1", "rooms": "3", "problem": "Weak signal"},
        "times": {"windows": wished_windows()},
        "contact": ADA,
        "payment": {"method": "cash"},
    }
    for step, values in steps.items():
        answer = client.post(f"{draft}{step}/", values)
        assert answer.status_code == 302, answer.content.decode()
