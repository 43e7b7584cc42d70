"""Who is slow, drips or redirects holds up nobody else; what was missed is sent again; a trial is a trial."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from time_machine import Coordinates

from api import webhooks
from api.webhooks import Relay
from config.management.commands import call_endpoints as command
from developers import client
from developers.errors import EndpointIsPaused, UnableToReplay
from developers.kinds import Told
from developers.models import Delivery, Endpoint
from developers.webhooks import change_endpoint, pause_dead_endpoint, send_test_event
from journeys.partner.tell_endpoints import replay_one, replay_span
from kernel.clock import now
from kernel.web.limits import TooManyAttempts
from outbox.lanes import take_up
from outbox.models import Message
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver
from tests.developers.receiver import Receiver, dripping
from tests.developers.telling import call_endpoints, listening

HOUR = timedelta(hours=1)


@contextmanager
def stalling() -> Iterator[str]:
    """Run a server that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


def calls_of(endpoint: Endpoint, tenant: Tenant) -> list[tuple[str, int | None]]:
    """Return what an endpoint was told and has answered."""
    with tenant_context(tenant):
        return list(Delivery.objects.filter(endpoint=endpoint).order_by("id").values_list("kind", "status"))


def test_an_endpoint_that_drips_delays_neither_others_nor_mails(
    nord: Tenant, four_near: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "WHOLE_S", 3.0)
    with dripping(b"HTTP/1.1 2") as url, platform_context():
        slow = listening(nord, url, Told.SEARCHING)
        listening(nord, receiver.url, Told.SEARCHING)
        for _order in range(3):
            book(nord)
        relay, turns = Relay(), 0

        while len(receiver.sent) < 3 and turns < 10:
            relay.turn(within_s=0.1)
            turns += 1

        assert len(receiver.sent) == 3
        assert calls_of(slow, nord) == []
        assert deliver() != []
        relay.close()
    assert calls_of(slow, nord) == [("order.searching", None)]


def test_those_that_were_slow_leave_room_for_the_others(
    nord: Tenant, four_near: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, clock: Coordinates
) -> None:
    monkeypatch.setattr(client, "READ_S", 0.3)
    monkeypatch.setattr(webhooks, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(webhooks, "MOST_SLOW", 2)
    relay = Relay()
    with ExitStack() as stack, platform_context():
        for _endpoint in range(4):
            listening(nord, stack.enter_context(stalling()), Told.SEARCHING)
        book(nord)
        while relay.turn():
            pass
        monkeypatch.setattr(client, "READ_S", 5.0)
        quick = listening(nord, receiver.url, Told.SEARCHING)
        clock.shift(6)
        book(nord)

        relay.turn(within_s=0)
        relay.turn(within_s=2)

        assert len(receiver.sent) == 1
        assert (
            Message.objects.filter(topic="webhook", sent_at=None, due_at__gt=now() + timedelta(seconds=30)).count() == 2
        )
    assert calls_of(quick, nord) == [("order.searching", 204)]


def test_a_message_that_nobody_reports_on_comes_up_again(
    nord: Tenant, four_near: Cast, receiver: Receiver, clock: Coordinates
) -> None:
    listening(nord, receiver.url, Told.SEARCHING)
    book(nord)
    with platform_context():
        take: dict[str, Any] = {"topic": "webhook", "lane": "endpoint", "most": 5, "lease": timedelta(minutes=1)}
        assert len(take_up(**take, now=now())) == 1
        assert take_up(**take, now=now()) == []
    call_endpoints()
    assert receiver.sent == []
    clock.shift(61)

    call_endpoints()

    assert len(receiver.sent) == 1


def test_of_an_endpoint_one_message_is_out_at_a_time_the_oldest_first(nord: Tenant, four_near: Cast) -> None:
    with stalling() as url, stalling() as other_url, platform_context():
        one, other = listening(nord, url, Told.SEARCHING), listening(nord, other_url, Told.SEARCHING)
        for _order in range(2):
            book(nord)

        taken = take_up(topic="webhook", lane="endpoint", most=9, lease=HOUR, now=now())

        assert {message.reference["endpoint"] for message in taken} == {str(one.uuid), str(other.uuid)}
        assert len(taken) == 2
        left = Message.objects.filter(topic="webhook", due_at__lte=now())
        assert max(message.pk for message in taken) < min(message.pk for message in left)


def test_name_servers_that_do_not_answer_are_waited_for_shortly(nord: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LOOK_UP_S", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: time.sleep(1))

    with pytest.raises(client.UnableToCall, match="name servers"):
        client.call(url="https://shop.example/", secrets=["whsec_AAAA"], message_id="a", body={}, now=now())


@pytest.mark.parametrize("to", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/"])
def test_a_redirect_is_an_answer_and_leads_nowhere(nord: Tenant, four_near: Cast, receiver: Receiver, to: str) -> None:
    receiver.status, receiver.headers = 307, {"Location": to}
    endpoint = listening(nord, receiver.url, Told.SEARCHING)
    book(nord)

    call_endpoints()

    assert calls_of(endpoint, nord) == [("order.searching", 307)]
    assert len(receiver.sent) == 1


def test_a_gigabyte_is_not_read(nord: Tenant, four_near: Cast, receiver: Receiver) -> None:
    receiver.headers, receiver.answer = {"Content-Length": str(1024**3)}, b"x" * 50_000
    endpoint = listening(nord, receiver.url, Told.SEARCHING)
    book(nord)

    call_endpoints()

    assert calls_of(endpoint, nord) == [("order.searching", 204)]


def test_a_snapshot_holds_the_order_as_the_api_answers_it(nord: Tenant, four_near: Cast, receiver: Receiver) -> None:
    receiver.status = 200
    endpoint = listening(nord, receiver.url, Told.SEARCHING, with_snapshot=True)
    order = book(nord)

    call_endpoints()

    said = json.loads(receiver.sent[0][1])["data"]
    assert said["id"] == said["order"]["id"] == str(order.uuid)
    assert said["order"]["price"] == {"amount_minor": 4900, "currency": "EUR"}
    assert said["order"]["status_url"] is None
    with tenant_context(nord):
        change_endpoint(
            endpoint_uuid=endpoint.uuid, url=endpoint.url, states=[Told.SEARCHING, Told.DONE], with_snapshot=False
        )
    book(nord)
    call_endpoints()
    assert "order" not in json.loads(receiver.sent[1][1])["data"]


def test_a_trial_is_sent_once_though_the_endpoint_is_paused(nord: Tenant, receiver: Receiver) -> None:
    receiver.status = 500
    endpoint = listening(nord, receiver.url)
    with tenant_context(nord):
        pause_dead_endpoint(endpoint, since=now(), now=now())
        send_test_event(endpoint_uuid=endpoint.uuid, now=now())

    call_endpoints()

    assert json.loads(receiver.sent[0][1])["type"] == "endpoint.test"
    assert calls_of(endpoint, nord) == [("endpoint.test", 500)]
    assert not Message.objects.filter(topic="webhook", sent_at=None).exists()


def test_one_message_and_a_span_of_time_are_sent_again_under_their_ids(
    nord: Tenant, four_near: Cast, receiver: Receiver, clock: Coordinates
) -> None:
    endpoint, begun = listening(nord, receiver.url, Told.SEARCHING), now()
    for _order in range(2):
        book(nord)
    call_endpoints()
    clock.shift(HOUR)
    with tenant_context(nord):
        first = Delivery.objects.earliest("id")
        replay_one(endpoint_uuid=endpoint.uuid, delivery_id=first.pk, now=now())
        clock.shift(1)
        replay_one(endpoint_uuid=endpoint.uuid, delivery_id=first.pk, now=now())
    call_endpoints()
    assert [headers["webhook-id"] for headers, _body in receiver.sent[2:]] == [first.message_id]
    clock.shift(60)

    with tenant_context(nord):
        assert replay_span(endpoint_uuid=endpoint.uuid, since=begun, until=now(), now=now()) == 2
        assert replay_span(endpoint_uuid=endpoint.uuid, since=begun + HOUR, until=now(), now=now()) == 0
    call_endpoints()

    ids = [headers["webhook-id"] for headers, _body in receiver.sent]
    assert sorted(ids[3:]) == sorted(ids[:2])


def test_what_happened_during_a_pause_can_be_had_afterwards(nord: Tenant, four_near: Cast, receiver: Receiver) -> None:
    endpoint = listening(nord, receiver.url, Told.SEARCHING)
    with tenant_context(nord):
        pause_dead_endpoint(endpoint, since=now(), now=now())
    book(nord)
    span: dict[str, Any] = {"endpoint_uuid": endpoint.uuid, "since": now() - HOUR, "until": now() + HOUR, "now": now()}
    with tenant_context(nord):
        with pytest.raises(EndpointIsPaused):
            replay_span(**span)
        Endpoint.objects.update(paused_at=None)
        assert replay_span(**span) == 1

    call_endpoints()

    assert len(receiver.sent) == 1


def test_a_span_that_is_none_is_refused(nord: Tenant) -> None:
    endpoint = listening(nord, "https://shop.example/")
    with tenant_context(nord):
        for since, until in ((now(), now()), (now() - timedelta(days=32), now())):
            with pytest.raises(UnableToReplay) as refused:
                replay_span(endpoint_uuid=endpoint.uuid, since=since, until=until, now=now())
            assert set(refused.value.fields) == {"until"}


def test_a_span_is_sent_again_six_times_an_hour(nord: Tenant) -> None:
    endpoint, other = listening(nord, "https://shop.example/"), listening(nord, "https://till.example/")
    span: dict[str, Any] = {"since": now() - HOUR, "until": now(), "now": now()}
    with tenant_context(nord):
        for _time in range(6):
            replay_span(endpoint_uuid=endpoint.uuid, **span)

        with pytest.raises(TooManyAttempts):
            replay_span(endpoint_uuid=endpoint.uuid, **span)
        assert replay_span(endpoint_uuid=other.uuid, **span) == 0


def test_an_outcome_that_cannot_be_noted_holds_up_no_other(
    nord: Tenant, four_near: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoints = [listening(nord, receiver.url, Told.SEARCHING) for _endpoint in range(3)]
    book(nord)
    note = webhooks.note_call

    def note_some(**about: Any) -> None:
        if about["endpoint"] == endpoints[0]:
            raise RuntimeError("The disk is full.")
        if about["endpoint"] == endpoints[1]:
            with platform_context():
                Message.objects.filter(reference__endpoint=str(endpoints[1].uuid)).delete()
        note(**about)

    monkeypatch.setattr(webhooks, "note_call", note_some)

    call_endpoints()

    told = [len(calls_of(endpoint, nord)) for endpoint in endpoints]
    assert told == [0, 1, 1]
    with platform_context():
        waiting = Message.objects.filter(topic="webhook", sent_at=None)
        assert [message.reference["endpoint"] for message in waiting] == [str(endpoints[0].uuid)]


def test_nobody_else_has_a_turn_while_calls_are_out(
    nord: Tenant, four_near: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "READ_S", 0.6)
    monkeypatch.setattr(command, "TURNS", 1)
    with stalling() as url, platform_context():
        endpoint = listening(nord, url, Told.SEARCHING)
        book(nord)

        command._go_on(Relay(), threading.Event())

    assert calls_of(endpoint, nord) == [("order.searching", None)]
