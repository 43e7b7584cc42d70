"""Looking at pages as a test needs to: well-formed HTML5, forms, links."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import html5lib
from django.test import Client

from tests.cast import ADA, wished_windows
from tests.responses import Response

# What html5lib's strict parser knows less of than the standard does: SVG's <use> with a plain href is fine there.
BOOKING = "/en/packages/wifi-setup/book/"
# What consumers tick who want the work within the days of withdrawal.
EARLY_START = {"early_start": "on"}


def assert_valid_html(answer: Response) -> None:
    """Fail where a page is not well-formed HTML5."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(answer.content.decode())
    faults = [f"{place}: {code} {data}" for place, code, data in parser.errors]
    assert not faults, faults[:5]


def html_of(answer: Response) -> str:
    """Return a page with each run of white space as one space, for how its template is laid out is nobody's concern."""
    return " ".join(answer.content.decode().split())


def start_booking(client: Client, postal_code: str = "10115") -> str:
    """Begin a booking and return the path of the draft, ending with a slash."""
    answer = client.post(BOOKING, {"country": "DE", "postal_code": postal_code})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer["Location"].removesuffix("questions/")


def fill_in(client: Client, draft: str, *, but: str = "") -> None:
    """Answer all steps of a booking but the last, and one that it does not have."""
    steps = {
        "questions": {"provider": "1", "rooms": "3", "problem": "Weak signal"},
        "times": {"windows": wished_windows()},
        "contact": ADA,
        "payment": {"method": "cash"},
    }
    steps.pop(but, None)
    for step, values in steps.items():
        answer = client.post(f"{draft}{step}/", values)
        assert answer.status_code == 302, answer.content.decode()


def place_order(client: Client) -> str:
    """Book over all steps and return the page that confirms it."""
    draft = start_booking(client)
    fill_in(client, draft)
    return client.post(f"{draft}review/", EARLY_START, follow=True).content.decode()


def press(client: Client, page: Response, words: str, typed: Mapping[str, object] | None = None) -> Response:
    """Follow the link or press the button of a page that reads so, and return the page where it leads.

    A form is sent with what its fields hold, and with what is ``typed`` instead. Fails where nothing reads so.
    """
    tree = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
    for link in tree.iter("a"):
        if _reads(link) == words:
            return client.get(urljoin(page.request["PATH_INFO"], link.attrib["href"]), follow=True)
    for form in tree.iter("form"):
        for button in form.iter("button"):
            if _reads(button) == words:
                pressed = {button.get("name", ""): button.get("value", "")}
                sent: dict[str, Any] = dict(_held(form)) | pressed | dict(typed or {})
                path = urljoin(page.request["PATH_INFO"], form.get("action", ""))
                send = client.get if form.get("method") == "get" else client.post
                return send(path, {name: value for name, value in sent.items() if name}, follow=True)
    raise AssertionError(f"nothing on the page reads {words!r}")


def text_of(page: Response) -> str:
    """Return what a page says, with plain spaces, as people read it."""
    tree = html5lib.parse(page.content.decode(), namespaceHTMLElements=False)
    return " ".join(" ".join(tree.itertext()).split())


def _reads(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _held(form: Element) -> Iterator[tuple[str, list[str]]]:
    """Yield the fields of a form with the values that a browser would send."""
    held: dict[str, list[str]] = {}
    for field in form.iter():
        name, kind = field.get("name"), field.get("type")
        if not name or field.tag == "button" or kind == "file":
            continue
        if field.tag == "select":
            held[name] = [one.get("value", "") for one in field.iter("option") if "selected" in one.attrib][:1]
        elif field.tag == "textarea":
            held[name] = [field.text or ""]
        elif field.tag == "input" and (kind not in {"checkbox", "radio"} or "checked" in field.attrib):
            held.setdefault(name, []).append(field.get("value", "on" if kind == "checkbox" else ""))
    yield from held.items()
