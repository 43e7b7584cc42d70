"""Endpoints are called at public addresses alone, by the name's own certificate, and not for ever."""

import base64
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import certifi
import pytest
from pytest_django.fixtures import Settings

from developers import client
from developers.client import _may_be_called, call, fault_of_url
from developers.errors import UnableToCall
from kernel.clock import now
from tests.developers.receiver import Receiver, dripping, receiving_tls

SECRET = "whsec_" + base64.b64encode(b"0" * 24).decode()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "0.0.0.0", "100.64.0.1", "224.0.0.1", "::1", "fe80::1",
     "fd00::1", "::ffff:10.0.0.1", "2002:0a00:0001::1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1",
     "fec0::1", "::", "::127.0.0.1", "ff02::1", "240.0.0.1"],
)  # fmt: skip
def test_no_private_address_is_called_whatever_its_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    settings.WEBHOOK_NETWORKS = []
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    def resolve(*_args: Any, **_kwargs: Any) -> list[Any]:
        public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))
        return [public, (family, socket.SOCK_STREAM, 6, "", (address, 443))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    with pytest.raises(UnableToCall, match="not called"):
        call(url="https://shop.example/hook", secrets=[SECRET], message_id="a", body={}, now=now())


def test_the_name_is_looked_up_once_and_the_address_that_was_judged_is_called(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    port, asked = int(receiver.url.split(":")[2].split("/")[0]), []
    plain = socket.getaddrinfo

    def resolve(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        if host != "shop.example":
            return plain(host, *args, **kwargs)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    heard = call(url=f"http://shop.example:{port}/x?y=1", secrets=[SECRET], message_id="a", body={}, now=now())

    assert (heard.status, asked) == (204, ["shop.example"])
    assert receiver.sent[0][0]["host"] == f"shop.example:{port}"


def test_a_public_address_behind_a_networks_translator_is_called() -> None:
    assert _may_be_called("64:ff9b::5db8:d70e")
    assert _may_be_called("2606:2800:21f:cb07::1")


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example"])
def test_a_name_that_cannot_be_looked_up_is_one_at_which_nobody_answers(host: str) -> None:
    with pytest.raises(UnableToCall, match="no such host"):
        call(url=f"https://{host}/", secrets=[SECRET], message_id="a", body={}, now=now())


@pytest.mark.parametrize(
    "begins", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"]
)
def test_who_sends_a_byte_now_and_then_is_hung_up_on(monkeypatch: pytest.MonkeyPatch, begins: bytes) -> None:
    monkeypatch.setattr(client, "WHOLE_S", 0.5)

    with dripping(begins) as url:
        begun = time.monotonic()
        with suppress(UnableToCall):
            heard = call(url=url, secrets=[SECRET], message_id="a", body={}, now=now())
            assert heard.words.strip("0") == ""

    assert time.monotonic() - begun < 5


def test_the_certificate_has_to_be_the_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with receiving_tls("shop.example", tmp_path) as receiver:
        port = int(receiver.url.split(":")[2].split("/")[0])
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *_args, **_named: [(socket.AF_INET, 1, 6, "", ("127.0.0.1", port))]
        )

        def tell(host: str) -> int:
            return call(url=f"https://{host}:{port}/", secrets=[SECRET], message_id="a", body={}, now=now()).status

        with pytest.raises(UnableToCall, match="SSL"):
            tell("shop.example")
        monkeypatch.setattr(certifi, "where", lambda: str(tmp_path / "shop.pem"))
        assert tell("shop.example") == 204
        with pytest.raises(UnableToCall, match="CertificateError"):
            tell("other.example")
    assert len(receiver.sent) == 1


def test_no_redirect_is_followed_and_no_endless_answer_is_read(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": "http://169.254.169.254/"}
    receiver.answer = b"x" * 10_000_000

    heard = call(url=receiver.url, secrets=[SECRET], message_id="a", body={}, now=now())

    assert (heard.status, heard.is_taken, len(heard.words)) == (302, False, 4096)
    assert len(receiver.sent) == 1


def test_plain_http_is_for_machines_of_ones_own(settings: Settings) -> None:
    assert not fault_of_url("http://shop.example/")
    settings.WEBHOOK_NETWORKS = []

    assert fault_of_url("http://shop.example/")
    assert not fault_of_url("https://shop.example/hook?a=b")
