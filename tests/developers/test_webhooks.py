"""A partner's own systems hear of each state of an order, signed, from the outbox, and at no private address."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from time_machine import Coordinates

from api.webhooks import BACKOFF
from developers.client import Heard, fault_of_url
from developers.errors import EndpointIsOver, UnableToMakeEndpoint
from developers.kinds import Told
from developers.models import Delivery
from developers.webhooks import (
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
from orders.models import Order
from orders.states import OrderState, Side
from outbox.models import Message
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver
from tests.developers.receiver import Receiver, receiving
from tests.developers.telling import call_endpoints, listening

SECRET = "whsec_" + base64.b64encode(b"0" * 24).decode()


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

    call_endpoints()

    assert types(receiver) == ["order.searching", "order.accepted", "order.cancelled"]
    headers, body = receiver.sent[1]
    assert json.loads(body) == {
        "type": "order.accepted",
        "timestamp": now().isoformat(),
        "version": 1,
        "livemode": True,
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

        call_endpoints()

        assert (types(receiver), other.sent) == (["order.accepted"], [])


def test_what_is_not_taken_is_sent_again_under_the_same_id(
    nord: Tenant, four_near: Cast, receiver: Receiver, clock: Coordinates
) -> None:
    receiver.status, receiver.answer = 500, b"not now"
    listening(nord, receiver.url, Told.SEARCHING)
    book(nord)
    call_endpoints()
    receiver.status = 200
    clock.shift(6)

    call_endpoints()

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
        call_endpoints()

    with tenant_context(nord):
        endpoint.refresh_from_db()
    assert endpoint.paused_at is not None
    assert len(receiver.sent) == len(BACKOFF) + 1
    assert endpoint.paused_at - endpoint.created_at > timedelta(days=3)
    [mail] = [mail for mail in deliver() if mail.to == ["manager@nord.example"]]
    assert mail.subject == "Your system no longer accepts our messages"
    assert f"/admin/webhooks/{endpoint.uuid}/" in mail.body
    assert "127.0.0.1" in mail.body
    assert "410" in mail.body
    assert receiver.url not in mail.body
    book(nord)
    assert not Message.objects.filter(topic="webhook", sent_at=None, gave_up_at=None).exists()
    with tenant_context(nord):
        resume_endpoint(endpoint_uuid=endpoint.uuid)
    receiver.status = 204
    book(nord)
    call_endpoints()
    assert len(receiver.sent) == len(BACKOFF) + 2


def test_one_message_that_is_never_taken_pauses_nothing(
    nord: Tenant, four_near: Cast, receiver: Receiver, clock: Coordinates
) -> None:
    endpoint = listening(nord, receiver.url, Told.SEARCHING)
    receiver.status = 422
    book(nord)
    for place, wait in enumerate((timedelta(0), *BACKOFF)):
        clock.shift(wait + timedelta(seconds=1))
        call_endpoints()
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

    call_endpoints()

    message = Message.objects.get(topic="webhook")
    assert "127.0.0.1 answers 500" in message.last_error
    assert "s3cr3t" not in message.last_error + caplog.text


def test_the_screen_reads_the_latest_call_alone(nord: Tenant) -> None:
    busy, quiet = listening(nord, "https://shop.example/"), listening(nord, "https://other.example/")
    with tenant_context(nord):
        for endpoint, count in ((busy, 5), (quiet, 2)):
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

        found = [[call.message_id for call in vars(endpoint)["latest"]] for endpoint in endpoints()]

    assert found == [["1"], ["4"]]


def test_a_replaced_secret_signs_for_a_day_more(
    nord: Tenant, four_near: Cast, receiver: Receiver, clock: Coordinates
) -> None:
    old = listening(nord, receiver.url, Told.SEARCHING)
    with tenant_context(nord):
        new = replace_secret(endpoint_uuid=old.uuid, now=now())
    book(nord)
    call_endpoints()
    clock.shift(24 * 3600)
    book(nord)
    call_endpoints()

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

    call_endpoints()

    assert receiver.sent == []


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


def test_the_log_is_kept_for_thirty_days(nord: Tenant, four_near: Cast, receiver: Receiver, clock: Coordinates) -> None:
    listening(nord, receiver.url, Told.SEARCHING)
    book(nord)
    call_endpoints()
    clock.shift(timedelta(days=30, seconds=1))

    with tenant_context(nord):
        assert forget_deliveries(now=now()) == 1
        assert Order.objects.exists()
