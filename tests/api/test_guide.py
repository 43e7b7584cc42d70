"""The guide for developers works as it stands: its commands are read from the page and sent (R2)."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

from django.test import Client

from tenants.models import Tenant
from tests.api.calls import photo_file, token_for
from tests.cast import Cast
from tests.responses import Response

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api" / "first-order.md"
HOST = "http://nord.localhost"


def commands() -> list[str]:
    """Return the commands of the guide in their order."""
    return re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)


def run(command: str, **known: str) -> Response:
    """Send what a command of curl would send."""
    for name, value in known.items():
        command = command.replace(f"${name}", value)
    program, _silent, *words = shlex.split(command)
    assert program == "curl"
    address, method, body, headers = "", "", None, {"host": "nord.localhost"}
    form: dict[str, Any] = {}
    arguments = iter(words)
    for word in arguments:
        if word == "-H":
            name, _colon, value = next(arguments).partition(": ")
            headers[name] = value
        elif word == "-X":
            method = next(arguments)
        elif word == "-d":
            body = next(arguments)
        elif word == "-F":
            form = {next(arguments).partition("=@")[0]: photo_file()}
        else:
            address = word
    content_type = headers.pop("Content-Type", "")
    client, path = Client(), address.removeprefix(HOST)
    if form:
        return client.post(path, form, headers=headers)
    if body is None:
        return client.get(path, headers=headers)
    return client.generic(method or "POST", path, body, content_type, headers=headers)


def test_the_guides_commands_lead_from_a_key_to_an_order_and_its_end(nord: Tenant, four_near: Cast) -> None:
    known: dict[str, str] = {"HOST": HOST, "KEY": token_for(nord)}
    answers: list[dict[str, Any]] = []

    for command in commands():
        answer = run(command, **known)
        assert answer.status_code in {200, 201}, (command, answer.content)
        answers.append(answer.json())
        if "first_times" in answers[-1]:
            evenings = [time["day"] for time in answers[-1]["first_times"] if time["part"] == "evening"]
            known["DAY"] = evenings[1]
        if "number" in answers[-1]:
            known["ORDER"] = answers[-1]["id"]

    assert [answer.get("state") for answer in answers if "number" in answer] == [
        "searching",
        "searching",
        "searching",
        "cancelled",
    ]


def test_what_a_refusal_looks_like_is_what_the_guide_shows(nord: Tenant, four_near: Cast) -> None:
    [shown] = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", GUIDE.read_text(), re.DOTALL)]
    place = next(command for command in commands() if "first-order" in command)
    wrong = place.replace("ada@customers.example", "ada")

    answer = run(wrong, HOST=HOST, KEY=token_for(nord), DAY="2026-11-30").json()

    own = {"type", "request_id"}
    assert {name: value for name, value in answer.items() if name not in own} == {
        name: value for name, value in shown.items() if name not in own
    }
    assert set(answer) == set(shown)
