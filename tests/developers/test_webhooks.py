"""A partner's own systems hear of each state of an order, signed, from the outbox, and at no private address."""

import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import certifi
import pytest
from django.db import connection
from pytest_django.fixtures import Settings
from time_machine import Coordinates

from developers import client
from developers.client import Heard, _may_be_called, call, fault_of_url
from developers.errors import EndpointIsOver, UnableToCall, UnableToMakeEndpoint
from developers.kinds import Told
from developers.models import Delivery, Endpoint
from developers.webhooks import (
    SHOWN,
    add_endpoint,
    end_endpoint,
    endpoints,
    forget_deliveries,
    note_delivery,
    replace_secret,
    resume_endpoint,
)
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.finding.accept_offer import accept_offer
from kernel.clock import now
from notices.tasks import relay_webhooks
from orders.models import Order
from orders.states import OrderState, Side
from outbox.models import Message
from outbox.services import BACKOFF
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver
from tests.developers.receiver import Receiver, dripping, receiving, receiving_tls

SECRET = "whsec_" + base64.b64encode(b"0" * 24).decode()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Run a partner's own system."""
    with receiving() as found:
        yield found


def listening(tenant: Tenant, url: str, *states: str) -> Endpoint:
    """Let a partner's own system hear of an order's states."""
    with tenant_context(tenant):
        return add_endpoint(tenant_id=tenant.pk, url=url, states=states or Told.values, who="Maja", now=now())


def types(receiver: Receiver) -> list[str]:
    """Return what was told."""
    return [json.loads(body)["type"] for _headers, body in receiver.sent]


def is_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Say whether a message is signed with a secret, as the convention has it."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return right in headers["webhook-signature"].split(" ")


def test_every_state_of_an_order_is_one_that_can_be_told() -> None:
    assert set(Told.values) == set(OrderState.values) - {OrderState.DRAFT, OrderState.PAYING}


def test_an_order_is_told_from_the_search_to_its_end(nord: Tenant, four_near: Cast, receiver: Receiver) -> None:
    endpoint = listening(nord, receiver.url)
    order = book(nord)
    with platform_context():
        accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    with tenant_context(nord):
        cancel_order(
            order_uuid=order.uuid,
            job_id=order.job_id,
            tenant_id=nord.pk,
            side=Side.CUSTOMER,
            who="Ada",
            why="",
            now=now(),
        )

    deliver()
    deliver()

    assert types(receiver) == ["order.searching", "order.accepted", "order.cancelled"]
    headers, body = receiver.sent[1]
    assert json.loads(body) == {
        "type": "order.accepted",
        "timestamp": now().isoformat(),
        "data": {"id": str(order.uuid), "number": order.number, "reference": "", "state": "accepted"},
    }
    assert is_signed(headers, body, endpoint.secret)
    assert not is_signed(headers, body, SECRET)
    assert len({headers["webhook-id"] for headers, _body in receiver.sent}) == 3
    with tenant_context(nord):
        assert list(Delivery.objects.order_by("id").values_list("kind", "status")) == [
            ("order.searching", 204),
            ("order.accepted", 204),
            ("order.cancelled", 204),
        ]


def test_an_endpoint_hears_of_what_it_wants_and_of_its_own_partner_alone(
    nord: Tenant, sued: Tenant, four_near: Cast, receiver: Receiver
) -> None:
    listening(nord, receiver.url, Told.ACCEPTED)
    with receiving() as other:
        listening(sued, other.url)
        order = book(nord)
        with platform_context():
            accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())

        deliver()

        assert (types(receiver), other.sent) == (["order.accepted"], [])


def test_what_is_not_taken_is_sent_again_under_the_same_id(
    nord: Tenant, four_near: Cast, receiver: Receiver, clock: Coordinates
) -> None:
    receiver.status, receiver.answer = 500, b"not now"
    listening(nord, receiver.url, Told.SEARCHING)
    book(nord)
    deliver()
    receiver.status = 200
    clock.shift(6)

    deliver()

    assert len({headers["webhook-id"] for headers, _body in receiver.sent}) == 1
    with tenant_context(nord):
        assert list(Delivery.objects.order_by("id").values_list("status", "answer")) == [
            (500, "not now"),
            (200, "not now"),
        ]


def test_a_dead_endpoint_is_paused_and_can_be_resumed(
    nord: Tenant, four_near: Cast, receiver: Receiver, clock: Coordinates
) -> None:
    receiver.status = 410
    endpoint = listening(nord, receiver.url, Told.SEARCHING)
    book(nord)
    for wait in (timedelta(0), *BACKOFF):
        clock.shift(wait + timedelta(seconds=1))
        deliver()

    with tenant_context(nord):
        endpoint.refresh_from_db()
    assert endpoint.paused_at is not None
    assert len(receiver.sent) == len(BACKOFF) + 1
    book(nord)
    assert not Message.objects.filter(topic="webhook", sent_at=None, gave_up_at=None).exists()
    with tenant_context(nord):
        resume_endpoint(endpoint_uuid=endpoint.uuid)
    receiver.status = 204
    book(nord)
    deliver()
    assert len(receiver.sent) == len(BACKOFF) + 2


def test_one_message_that_is_never_taken_pauses_nothing(
    nord: Tenant, four_near: Cast, receiver: Receiver, clock: Coordinates
) -> None:
    endpoint = listening(nord, receiver.url, Told.SEARCHING)
    receiver.status = 422
    book(nord)
    for place, wait in enumerate((timedelta(0), *BACKOFF)):
        clock.shift(wait + timedelta(seconds=1))
        deliver()
        if place == 0:
            # Another order's message is taken meanwhile.
            receiver.status = 204
            book(nord)
            with tenant_context(nord):
                note_delivery(
                    endpoint=endpoint,
                    message_id="other",
                    kind="order.searching",
                    body={},
                    heard=Heard(204, "", 1),
                    fault="",
                    now=now(),
                )
            Message.objects.filter(topic="webhook", attempts=0).delete()
            receiver.status = 422

    assert Message.objects.filter(topic="webhook").exclude(gave_up_at=None).count() == 1
    with tenant_context(nord):
        endpoint.refresh_from_db()
    assert endpoint.paused_at is None


def test_what_is_kept_of_a_failure_holds_no_secret_of_the_address(
    nord: Tenant, four_near: Cast, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.status = 500
    listening(nord, f"{receiver.url}/T0/s3cr3t?token=s3cr3t", Told.SEARCHING)
    book(nord)

    deliver()

    message = Message.objects.get(topic="webhook")
    assert "127.0.0.1 answers 500" in message.last_error
    assert "s3cr3t" not in message.last_error + caplog.text


def test_one_worker_at_a_time_calls_endpoints(nord: Tenant, four_near: Cast, receiver: Receiver) -> None:
    listening(nord, receiver.url, Told.SEARCHING)
    book(nord)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('relay-webhooks', 0))")
        assert relay_webhooks() == 0
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended('relay-webhooks', 0))")
    other.close()
    assert receiver.sent == []

    assert relay_webhooks() == 1


def test_the_screen_reads_the_latest_calls_alone(nord: Tenant) -> None:
    busy, quiet = listening(nord, "https://shop.example/"), listening(nord, "https://other.example/")
    with tenant_context(nord):
        for endpoint, count in ((busy, SHOWN + 5), (quiet, 2)):
            for place in range(count):
                note_delivery(
                    endpoint=endpoint,
                    message_id=f"{place}",
                    kind="order.done",
                    body={},
                    heard=None,
                    fault="",
                    now=now() + timedelta(seconds=place),
                )

        found = [[call.message_id for call in endpoint.latest_calls] for endpoint in endpoints()]

    assert found == [["1", "0"], [f"{place}" for place in range(SHOWN + 4, 4, -1)]]


def test_a_replaced_secret_signs_for_a_day_more(
    nord: Tenant, four_near: Cast, receiver: Receiver, clock: Coordinates
) -> None:
    old = listening(nord, receiver.url, Told.SEARCHING)
    with tenant_context(nord):
        new = replace_secret(endpoint_uuid=old.uuid, now=now())
    book(nord)
    deliver()
    clock.shift(24 * 3600)
    book(nord)
    deliver()

    (first, then) = receiver.sent
    assert is_signed(*first, old.secret)
    assert is_signed(*first, new.secret)
    assert is_signed(*then, new.secret)
    assert not is_signed(*then, old.secret)


def test_an_endpoint_that_has_ended_hears_nothing_more(nord: Tenant, four_near: Cast, receiver: Receiver) -> None:
    endpoint = listening(nord, receiver.url)
    book(nord)
    with tenant_context(nord):
        end_endpoint(endpoint_uuid=endpoint.uuid, who="Maja", now=now())
        with pytest.raises(EndpointIsOver):
            replace_secret(endpoint_uuid=endpoint.uuid, now=now())
        assert list(endpoints()) == []
    book(nord)

    deliver()

    assert receiver.sent == []


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


@pytest.mark.parametrize(
    "url",
    ["shop.example", "ftp://shop.example/", "https://", "https://ada:secret@shop.example/", "https://shop.example:x/",
     "https://shop.example/ x", "https://sh\u00f6p.example/", "file:///etc/passwd"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(nord: Tenant, url: str) -> None:
    assert fault_of_url(url)
    with tenant_context(nord), pytest.raises(UnableToMakeEndpoint) as refused:
        add_endpoint(tenant_id=nord.pk, url=url, states=[], who="Maja", now=now())
    assert set(refused.value.fields) == {"url", "states"}


def test_plain_http_is_for_machines_of_ones_own(settings: Settings) -> None:
    assert not fault_of_url("http://shop.example/")
    settings.WEBHOOK_NETWORKS = []

    assert fault_of_url("http://shop.example/")
    assert not fault_of_url("https://shop.example/hook?a=b")


def test_the_log_is_kept_for_thirty_days(nord: Tenant, four_near: Cast, receiver: Receiver, clock: Coordinates) -> None:
    listening(nord, receiver.url, Told.SEARCHING)
    book(nord)
    deliver()
    clock.shift(timedelta(days=30, seconds=1))

    with tenant_context(nord):
        assert forget_deliveries(now=now()) == 1
        assert Order.objects.exists()
