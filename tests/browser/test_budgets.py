"""What a page may weigh, gzipped, and how often it may ask the server; a phone pays for each."""

import gzip
from typing import Any

import pytest

pytestmark = pytest.mark.browser

KB = 1024
BUDGETS = {"document": 14 * KB, "stylesheet": 12 * KB, "script": 25 * KB, "font": 60 * KB}
MOST_REQUESTS = 12


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("volthaus", "/de/"),
        ("alpenfunk", "/fr/packages/"),
        ("volthaus", "/de/packages/wifi-setup/"),
        ("app", "/de/sign-in/"),
    ],
)
def test_pages_stay_within_their_budgets(person: Any, host: str, path: str) -> None:
    visitor = person()
    answers: list[Any] = []
    visitor.page.on("response", lambda answer: answers.append(answer))
    visitor.open(host, path)
    visitor.page.wait_for_load_state("networkidle")

    weights: dict[str, int] = dict.fromkeys(BUDGETS, 0)
    for answer in answers:
        kind = answer.request.resource_type
        if kind in weights and answer.status == 200:
            body = answer.body()
            # A font is compressed already.
            weights[kind] += len(body if kind == "font" else gzip.compress(body))

    assert {kind: weight for kind, weight in weights.items() if weight > BUDGETS[kind]} == {}
    assert len([answer for answer in answers if answer.request.resource_type != "image"]) <= MOST_REQUESTS
    assert weights["document"] > 0
    assert weights["stylesheet"] > 0
