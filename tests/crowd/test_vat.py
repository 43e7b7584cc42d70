"""VAT ids of pros (R10): form and check digit offline, the register behind a seam."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from crowd.errors import NotAVatId
from crowd.vat import VatAnswer, ask_register, ask_vies, clean_vat_id

DIGITS = "0123456789"
GOOD = [
    ("CH", "CHE-100.155.212", "CHE100155212"),
    ("CH", "che 107.787.577 IVA", "CHE107787577"),
    ("CH", "CHE-107.787.577 MWST", "CHE107787577"),
    ("DE", "DE 136,695 976", "DE136695976"),
    ("DE", "136695976", "DE136695976"),
    ("AT", "ATU13585627", "ATU13585627"),
    ("AT", "U13585627", "ATU13585627"),
    ("PL", "PL 856-734-62-15", "PL8567346215"),
    ("FR", "FR 40 303 265 045", "FR40303265045"),
    ("IT", "00743110157", "IT00743110157"),
]


@pytest.mark.parametrize(("country", "raw", "clean"), GOOD)
def test_a_vat_id_is_kept_in_one_form(country: str, raw: str, clean: str) -> None:
    assert clean_vat_id(raw, country) == clean
    assert clean_vat_id(clean, country) == clean


@pytest.mark.parametrize("raw", ["", "DE", "12345", "CHE-100.155.213", "ATU13585627", "x" * 40, "DE136695976\x00"])
def test_what_is_none_of_the_country_is_refused(raw: str) -> None:
    with pytest.raises(NotAVatId):
        clean_vat_id(raw, "DE")


@given(
    row=st.sampled_from([row for row in GOOD if row[0] in {"CH", "DE", "AT", "PL"}]),
    place=st.integers(0, 30),
    step=st.integers(1, 9),
)
def test_one_wrong_digit_is_always_noticed(row: tuple[str, str, str], place: int, step: int) -> None:
    country, _raw, clean = row
    digits = [index for index, letter in enumerate(clean) if letter in DIGITS]
    wrong = digits[place % len(digits)]
    mistyped = clean[:wrong] + DIGITS[(int(clean[wrong]) + step) % 10] + clean[wrong + 1 :]

    with pytest.raises(NotAVatId):
        clean_vat_id(mistyped, country)


@pytest.fixture
def vies(settings: LazySettings) -> Iterator[dict[str, Any]]:
    """Answer as VIES would: ``says`` is what, ``asked`` what it was asked."""
    talk: dict[str, Any] = {"says": {"valid": True}, "status": 200, "asked": []}

    class Register(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is http.server's
            body = self.rfile.read(int(self.headers["Content-Length"]))
            talk["asked"].append(json.loads(body))
            said = talk["says"] if isinstance(talk["says"], bytes) else json.dumps(talk["says"]).encode()
            self.send_response(talk["status"])
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Register)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.VIES_URL = f"http://127.0.0.1:{server.server_port}/"
    yield talk
    server.shutdown()
    thread.join()
    server.server_close()


def test_without_a_register_nobody_is_asked() -> None:
    assert ask_register(country="DE", vat_id="DE136695976") == VatAnswer.NOT_ASKED


def test_the_unions_register_is_asked_by_country_and_number(settings: LazySettings, vies: dict[str, Any]) -> None:
    settings.VAT_CHECK = "crowd.vat.ask_vies"

    assert ask_register(country="DE", vat_id="DE136695976") == VatAnswer.VALID
    assert ask_register(country="AT", vat_id="ATU13585627") == VatAnswer.VALID
    assert vies["asked"] == [
        {"countryCode": "DE", "vatNumber": "136695976"},
        {"countryCode": "AT", "vatNumber": "U13585627"},
    ]


def test_it_may_not_know_the_number(vies: dict[str, Any]) -> None:
    vies["says"] = {"valid": False, "requestDate": "2026-11-24"}

    assert ask_vies("DE", "DE136695976") == VatAnswer.UNKNOWN


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (200, {"actionSucceed": False, "errorWrappers": [{"error": "MS_UNAVAILABLE"}]}),
        (200, b"<html>maintenance</html>"),
        (200, ["valid"]),
        (500, {}),
    ],
)
def test_whatever_keeps_it_from_answering_is_no_verdict(vies: dict[str, Any], status: int, says: object) -> None:
    vies["status"], vies["says"] = status, says

    assert ask_vies("DE", "DE136695976") == VatAnswer.UNREACHABLE


def test_a_register_that_is_away_is_no_verdict(settings: LazySettings) -> None:
    settings.VIES_URL = "http://127.0.0.1:9/"

    assert ask_vies("DE", "DE136695976") == VatAnswer.UNREACHABLE


def test_switzerland_is_not_in_it(vies: dict[str, Any]) -> None:
    assert ask_vies("CH", "CHE100155212") == VatAnswer.NOT_ASKED
    assert vies["asked"] == []
