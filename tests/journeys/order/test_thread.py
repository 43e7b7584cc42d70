"""Customer and friend write to each other after acceptance, by page, mail and notice; nobody else reads it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image
from time_machine import Coordinates

from journeys.links import order_token
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.finding.pass_on_job import give_back_job
from journeys.order.talking.write_to_each_other import write_as_friend
from journeys.order.working.complete_job import confirm_completion
from kernel.clock import now
from orders.models import Order, ThreadMessage
from orders.selectors import order_by_uuid
from orders.states import OrderState, Side
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA, PASSWORD, Cast, book, deliver, register_friend
from tests.pages import assert_valid_html


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that Ben has."""
    placed = book(nord)
    accept_offer(job_id=placed.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    deliver()
    return placed


@pytest.fixture
def url(order: Order, nord: Tenant) -> str:
    """Return the path of its status page."""
    with tenant_context(nord):
        return f"/en/orders/{order_token(order.uuid)}/"


@pytest.fixture
def job(order: Order) -> str:
    """Return the path of its page in the friends' app."""
    return f"/en/jobs/{order.placed_job_id}/"


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "#0a5c5c").save(out, "PNG")
    return SimpleUploadedFile("router.png", out.getvalue(), "image/png")


def text_of(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    assert_valid_html(page)
    return " ".join(page.content.decode().split())


def signed_in(name: str) -> Client:
    """Return the browser of another friend."""
    client = Client(headers={"host": "app.localhost"})
    client.post("/en/sign-in/", {"username": f"{name.lower()}@friends.example", "password": PASSWORD})
    return client


def in_nord(nord: Tenant) -> list[ThreadMessage]:
    with tenant_context(nord):
        return list(ThreadMessage.objects.order_by("written_at", "id"))


def test_the_two_write_and_see_what_was_read(
    visitor: Client, friend_client: Client, order: Order, nord: Tenant, url: str, job: str, clock: Coordinates
) -> None:
    assert f"{url}messages/" in text_of(visitor, url)
    assert f"{job}messages/" in text_of(friend_client, job)

    # Nothing is masked: they have each other's number.
    assert visitor.post(f"{url}messages/", {"words": "Ring twice, or call 030 1234567"}).status_code == 302

    [mail] = [one for one in deliver() if one.to == ["ben@friends.example"]]
    assert "Ring twice, or call 030 1234567" in mail.body
    assert "Ring twice" not in mail.subject
    assert f"{job}messages/" in mail.body
    assert "Sent" in text_of(visitor, f"{url}messages/")
    assert "1 new" in text_of(friend_client, job)
    assert "Ring twice, or call 030 1234567" in text_of(friend_client, f"{job}messages/")
    assert "1 new" not in text_of(friend_client, job)
    assert "Read " in text_of(visitor, f"{url}messages/")

    clock.shift(timedelta(minutes=5))
    friend_client.post(f"{job}messages/", {"words": "I will"})

    [mail] = [one for one in deliver() if one.to == [ADA["email"]]]
    assert mail.subject == f"Ben M. has written to you (order {order.number})"
    assert "1 new message" in text_of(visitor, url)
    link = next(word for word in mail.body.split() if "/messages/" in word)
    assert "I will" in text_of(visitor, link[link.index("/en/") :])
    assert [message.read_at is not None for message in in_nord(nord)] == [True, True]


def test_a_photo_is_stripped_and_seen_by_the_two_and_the_managers(
    visitor: Client, friend_client: Client, manager_client: Client, order: Order, nord: Tenant, url: str, job: str
) -> None:
    friend_client.post(f"{job}messages/", {"words": "", "photo": photo()})

    [message] = in_nord(nord)
    for client, path in (
        (visitor, f"{url}messages/{message.pk}/photo/"),
        (friend_client, f"{job}messages/{message.pk}/photo/"),
        (manager_client, f"/admin/orders/{order.uuid}/messages/{message.pk}/"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.content.startswith(b"\xff\xd8")
        assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"]
    assert "messages/" in manager_client.get(f"/admin/orders/inspect/{order.pk}/").content.decode()
    assert visitor.post(f"{url}messages/", {"words": " "}).status_code == 422
    broken = SimpleUploadedFile("x.png", b"no picture", "image/png")
    assert friend_client.post(f"{job}messages/", {"photo": broken}).status_code == 422
    with tenant_context(nord), pytest.raises(IntegrityError), transaction.atomic():
        ThreadMessage.objects.filter(pk=message.pk).update(photo="")


def test_strangers_and_other_friends_get_nothing(
    visitor: Client, friend_client: Client, order: Order, nord: Tenant, sued: Tenant, url: str, job: str
) -> None:
    friend_client.post(f"{job}messages/", {"words": "Hello", "photo": photo()})
    [message] = in_nord(nord)
    cem = signed_in("Cem")

    for path in (f"{job}messages/", f"{job}messages/{message.pk}/photo/"):
        assert cem.get(path).status_code == 404
        assert Client(headers={"host": "app.localhost"}).get(path).status_code == 302
    assert cem.post(f"{job}messages/", {"words": "Me too"}).status_code == 404
    elsewhere = Client(headers={"host": "sued.localhost"})
    assert elsewhere.get(f"{url}messages/").status_code == 404
    assert elsewhere.get(f"{url}messages/{message.pk}/photo/").status_code == 404
    assert elsewhere.get(f"/admin/orders/{order.uuid}/messages/{message.pk}/").status_code == 302
    assert visitor.get(f"{url}messages/{message.pk + 1}/photo/").status_code == 404
    with tenant_context(sued):
        assert not ThreadMessage.objects.exists()
    assert len(in_nord(nord)) == 1


def test_nobody_writes_before_acceptance(visitor: Client, nord: Tenant, four_near: Cast, friend_client: Client) -> None:
    order = book(nord)
    with tenant_context(nord):
        url = f"/en/orders/{order_token(order.uuid)}/"

    assert visitor.get(f"{url}messages/").status_code == 404
    assert visitor.post(f"{url}messages/", {"words": "Hello?"}).status_code == 404
    assert friend_client.get(f"/en/jobs/{order.placed_job_id}/messages/").status_code == 404


def test_the_next_friend_sees_nothing_of_what_was_written_to_the_first(
    visitor: Client, friend_client: Client, order: Order, nord: Tenant, four_near: Cast, url: str, job: str
) -> None:
    finn = register_friend("Finn", km=12, communities=[nord.pk])
    visitor.post(f"{url}messages/", {"words": "The key is under the mat"})
    give_back_job(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, reason="ill", words="", now=now())
    accept_offer(job_id=order.placed_job_id, friend_id=finn.pk, now=now())

    assert "under the mat" not in text_of(signed_in("Finn"), f"{job}messages/")
    assert "under the mat" not in text_of(visitor, f"{url}messages/")
    assert friend_client.get(f"{job}messages/").status_code == 404
    assert "under the mat" not in " ".join(mail.body for mail in deliver())


def test_three_messages_that_wait_come_in_one_mail_and_none_where_they_were_read(
    visitor: Client, friend_client: Client, order: Order, url: str, job: str
) -> None:
    for words in ("First", "Second", "Third"):
        friend_client.post(f"{job}messages/", {"words": words})

    [mail] = [one for one in deliver() if one.to == [ADA["email"]]]
    assert all(words in mail.body for words in ("First", "Second", "Third"))

    friend_client.post(f"{job}messages/", {"words": "Fourth"})
    visitor.get(f"{url}messages/")
    assert [one for one in deliver() if one.to == [ADA["email"]]] == []


def test_a_message_counts_as_contact(friend_client: Client, order: Order, nord: Tenant, job: str) -> None:
    friend_client.post(f"{job}messages/", {"words": "Hello, when may I come?"})

    with tenant_context(nord):
        assert order_by_uuid(order.uuid).state == OrderState.CONTACTED


def test_a_week_after_completion_it_can_only_be_read(
    visitor: Client, friend_client: Client, order: Order, nord: Tenant, four_near: Cast, url: str, job: str,
    clock: Coordinates,
) -> None:  # fmt: skip
    write_as_friend(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, words="See you", photo=b"", now=now())
    friend_client.post(f"{job}report/", {"summary": "Done", "minutes": "5", "why_now": "At once"})
    with tenant_context(nord):
        confirm_completion(order_uuid=order.uuid, tenant_id=nord.pk, side=Side.CUSTOMER, now=now())
    clock.shift(timedelta(days=6, hours=23))
    assert visitor.post(f"{url}messages/", {"words": "Thank you!"}).status_code == 302

    clock.shift(timedelta(hours=1))

    assert visitor.post(f"{url}messages/", {"words": "One more thing"}).status_code == 409
    page = text_of(visitor, f"{url}messages/")
    assert "Thank you!" in page
    assert "You can no longer write to each other" in page
    assert friend_client.post(f"{job}messages/", {"words": "Yes?"}).status_code == 409


def test_a_live_page_hears_nothing_until_something_is_written(
    visitor: Client, friend_client: Client, order: Order, url: str, job: str
) -> None:
    friend_client.post(f"{job}messages/", {"words": "Hello"})
    live = {"HX-Request": "true"}
    part = visitor.get(f"{url}messages/", headers=live).content.decode()
    since = part.split("?since=")[1].split('"')[0]
    assert "<html" not in part
    assert visitor.get(f"{url}messages/", {"since": since}, headers=live).status_code == 204

    friend_client.post(f"{job}messages/", {"words": "Are you there?"})

    assert "Are you there?" in visitor.get(f"{url}messages/", {"since": since}, headers=live).content.decode()
