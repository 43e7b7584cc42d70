"""The status page while friends decide (R18): questions with answers, other times with a choice."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.models import JobQuestion, ProposedTime
from journeys.links import order_token
from journeys.order.finding.accept_offer import accept_offer
from kernel.clock import now
from orders.models import Order
from orders.states import OrderState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book
from tests.journeys.order.test_other_times import propose
from tests.journeys.order.test_questions import ask
from tests.pages import assert_valid_html


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that four friends were asked for."""
    return book(nord)


@pytest.fixture
def url(order: Order, nord: Tenant) -> str:
    """Return the path of its status page."""
    with tenant_context(nord):
        return f"/en/orders/{order_token(order.uuid)}/"


def photo_with_place() -> SimpleUploadedFile:
    """Return a JPEG that tells where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "Invalidenstr. 1"
    exif.get_ifd(0x8825)[1] = "N"
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG", exif=exif)
    assert b"Invalidenstr" in out.getvalue()
    return SimpleUploadedFile("home.jpg", out.getvalue(), content_type="image/jpeg")


def test_the_customer_answers_in_words_and_with_a_photo(
    visitor: Client, url: str, order: Order, four_near: Cast
) -> None:
    ask(order, four_near["Ben"], "Which router is it?", ready="floor")
    page = visitor.get(url)
    assert "Which router is it?" in page.content.decode()
    assert "Ben" not in page.content.decode()
    assert_valid_html(page)
    path = f"{url}questions/{JobQuestion.objects.get().pk}/"

    answered = visitor.post(
        path, {"words": "A FRITZ!Box 7590. Call 030 1234567.", "photo": photo_with_place()}, follow=True
    )

    text = answered.content.decode()
    assert "All friends who are asked see your answer." in text
    assert "We have hidden the contact details in it." in text
    assert "A FRITZ!Box 7590. Call [contact details hidden]." in text
    assert_valid_html(answered)
    photo = visitor.get(f"{path}photo/")
    assert photo["Content-Type"] == "image/jpeg"
    assert b"Invalidenstr" not in photo.content
    assert not Image.open(BytesIO(photo.content)).getexif()
    assert visitor.post(path, {"words": "Again"}).status_code == 409


def test_an_empty_answer_or_a_broken_photo_stays_with_its_message(
    visitor: Client, url: str, order: Order, four_near: Cast
) -> None:
    ask(order, four_near["Ben"], "First?")
    ask(order, four_near["Ben"], "Second?")
    path = f"{url}questions/{JobQuestion.objects.get(text='Second?').pk}/"

    empty = visitor.post(path, {"words": ""})
    assert empty.status_code == 422
    assert "Please answer in a few words or with a photo." in empty.content.decode()
    assert_valid_html(empty)

    broken = visitor.post(path, {"words": "See here", "photo": SimpleUploadedFile("x.jpg", b"no photo")})
    assert broken.status_code == 422
    assert "This file is not a photo that we can read." in broken.content.decode()
    assert "See here" in broken.content.decode()
    assert_valid_html(broken)
    assert not JobQuestion.objects.exclude(answered_at=None).exists()


def test_the_live_part_hears_of_a_question(
    visitor: Client, url: str, order: Order, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    with tenant_context(nord):
        since = {"since": Order.objects.get(uuid=order.uuid).changed_at.isoformat()}
    assert visitor.get(url, since, headers={"HX-Request": "true"}).status_code == 204
    clock.shift(timedelta(seconds=10))

    ask(order, four_near["Ben"])

    heard = visitor.get(url, since, headers={"HX-Request": "true"})
    assert heard.status_code == 200
    assert "Is there a lift?" in heard.content.decode()


def test_the_customer_picks_a_time(visitor: Client, url: str, order: Order, four_near: Cast) -> None:
    propose(order, four_near["Ben"], 6, note="After work")
    page = visitor.get(url)
    text = page.content.decode()
    assert "A friend, 1.0 km away, new here" in text
    assert "Choose: Monday, 30 November 2026, 12:00" in text
    assert "After work" in text
    assert "Ben" not in text
    assert_valid_html(page)

    picked = visitor.post(f"{url}times/{ProposedTime.objects.get().pk}/", follow=True)

    assert "The appointment is confirmed. We have sent you a calendar entry." in picked.content.decode()
    assert "Ben M." in picked.content.decode()
    assert b"DTSTART" in visitor.get(f"{url}calendar/").content
    assert_valid_html(picked)


def test_who_picks_too_late_is_told_and_sees_how_things_are(
    visitor: Client, url: str, order: Order, four_near: Cast
) -> None:
    propose(order, four_near["Ben"], 6)
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Cem"].pk, now=now())

    late = visitor.post(f"{url}times/{ProposedTime.objects.get().pk}/", follow=True)

    assert "Another friend has just accepted your order at your preferred time." in late.content.decode()
    assert "Cem M. has accepted your order" in late.content.decode()
    assert visitor.post(f"{url}times/99999/", follow=True).status_code == 200


def test_who_picks_a_friend_without_room_is_told(visitor: Client, url: str, order: Order, four_near: Cast) -> None:
    propose(order, four_near["Ben"], 6)
    Friend.objects.filter(pk=four_near["Ben"].pk).update(open_jobs=3, max_open_jobs=3)

    late = visitor.post(f"{url}times/{ProposedTime.objects.get().pk}/", follow=True)

    assert "This friend is no longer available." in late.content.decode()
    assert "Choose:" not in late.content.decode()


def test_none_of_the_times_suits(visitor: Client, url: str, order: Order, nord: Tenant, four_near: Cast) -> None:
    propose(order, four_near["Ben"], 6)

    page = visitor.post(f"{url}times/none/", follow=True)

    assert "Noted: none of these times suits you." in page.content.decode()
    assert "Choose:" not in page.content.decode()
    with tenant_context(nord):
        assert Order.objects.get(uuid=order.uuid).state == OrderState.SEARCHING


def test_other_orders_and_other_partners_see_and_decide_nothing(
    visitor: Client, order: Order, url: str, nord: Tenant, four_near: Cast
) -> None:
    ask(order, four_near["Ben"])
    propose(order, four_near["Ben"], 6)
    other = book(nord)
    with tenant_context(nord):
        other_url = f"/en/orders/{order_token(other.uuid)}/"
    question, time = JobQuestion.objects.get().pk, ProposedTime.objects.get().pk

    assert "Is there a lift?" not in visitor.get(other_url).content.decode()
    assert visitor.post(f"{other_url}questions/{question}/", {"words": "Yes"}).status_code == 409
    assert visitor.get(f"{other_url}questions/{question}/photo/").status_code == 404
    visitor.post(f"{other_url}times/{time}/")
    from_sued = Client(headers={"host": "sued.localhost"})
    for path in (f"{url}questions/{question}/", f"{url}times/{time}/", f"{url}times/none/"):
        assert from_sued.post(path, {"words": "Yes"}).status_code == 404
    assert JobQuestion.objects.get().answered_at is None
    with tenant_context(nord):
        assert Order.objects.filter(state=OrderState.SEARCHING).count() == 2


def test_many_questions_and_proposals_take_no_more_queries_than_one(
    visitor: Client, url: str, order: Order, four_near: Cast
) -> None:
    counts = []
    for friend in list(four_near.values())[:3]:
        ask(order, friend, "Is there a lift?")
        propose(order, friend, 5, 6, 7)
        with CaptureQueriesContext(connection) as queries:
            visitor.get(url)
        counts.append(len(queries))

    assert counts == [counts[0]] * 3


def test_the_manager_sees_thread_and_proposals(
    manager_client: Client, order: Order, nord: Tenant, visitor: Client, url: str, four_near: Cast
) -> None:
    ask(order, four_near["Ben"], "Which router?")
    question = JobQuestion.objects.get().pk
    visitor.post(f"{url}questions/{question}/", {"words": "The grey one.", "photo": photo_with_place()})
    propose(order, four_near["Cem"], 6, note="After work")
    with tenant_context(nord):
        pk = Order.objects.get(uuid=order.uuid).pk

    page = manager_client.get(f"/admin/orders/inspect/{pk}/").content.decode()

    for shown in ("Which router?", "The grey one.", "Ben Muster", "Cem Muster", "After work", "Proposed other times"):
        assert shown in page
    photo = f"/admin/orders/{order.uuid}/answers/{question}/"
    assert manager_client.get(photo)["Content-Type"] == "image/jpeg"
    assert visitor.get(photo).status_code == 302
