"""The status page behind its signed link (R16, R25): what it shows, what it lets do, and what it refuses."""

from datetime import timedelta

import pytest
from django.test import Client
from time_machine import Coordinates

from crowd.models import Friend
from crowd.profiles import change_photo
from journeys.links import order_token
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.agree_date import contact_customer, propose_date_as_friend
from journeys.order.working.complete_job import complete_job
from kernel.clock import now
from orders.models import Order
from orders.states import OrderState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book
from tests.pages import assert_valid_html


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that Ben has."""
    placed = book(nord)
    accept_offer(job_id=placed.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    return placed


@pytest.fixture
def url(order: Order, nord: Tenant) -> str:
    """Return the path of its status page."""
    with tenant_context(nord):
        return f"/en/orders/{order_token(order.uuid)}/"


def test_the_page_names_the_friend_and_the_latest_moment_of_contact(visitor: Client, url: str) -> None:
    page = visitor.get(url)

    assert "Ben M. has accepted your order" in page.content.decode()
    assert "You will be contacted by Wednesday, 25 November 2026, 00:00" in page.content.decode()
    assert_valid_html(page)


def test_the_page_shows_who_comes_with_face_and_languages(
    visitor: Client, url: str, order: Order, four_near: Cast
) -> None:
    ben = four_near["Ben"]
    assert visitor.get(f"{url}friend/").status_code == 404
    change_photo(friend_id=ben.pk, photo=b"\xff\xd8 Ben")
    Friend.objects.filter(pk=ben.pk).update(languages=["de", "pl"], is_pro=True)

    page = visitor.get(url)
    photo = visitor.get(f"{url}friend/")

    text = " ".join(page.content.decode().split())
    assert f'src="{url}friend/"' in text
    assert "Speaks German, Polish" in text
    assert '<span class="badge info">' in text
    assert photo.content == b"\xff\xd8 Ben"
    assert "no-store" in photo["Cache-Control"]
    assert_valid_html(page)


def test_nobody_has_a_face_before_they_have_the_order(visitor: Client, nord: Tenant, four_near: Cast) -> None:
    change_photo(friend_id=four_near["Ben"].pk, photo=b"\xff\xd8 Ben")
    asked = book(nord)
    with tenant_context(nord):
        url = f"/en/orders/{order_token(asked.uuid)}/"

    assert "friend/" not in visitor.get(url).content.decode()
    assert visitor.get(f"{url}friend/").status_code == 404

    accept_offer(job_id=asked.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    assert visitor.get(f"{url}friend/").status_code == 200
    visitor.post(f"{url}cancel/")
    assert visitor.get(f"{url}friend/").status_code == 404


def test_a_live_part_hears_nothing_until_something_changes(
    visitor: Client, url: str, order: Order, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    with tenant_context(nord):
        version = Order.objects.get(uuid=order.uuid).changed_at.isoformat()
    headers = {"HX-Request": "true"}
    assert visitor.get(url, {"since": version}, headers=headers).status_code == 204

    clock.shift(timedelta(minutes=1))
    contact_customer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())

    answer = visitor.get(url, {"since": version}, headers=headers)
    assert answer.status_code == 200
    assert "You are in contact with Ben M." in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_an_expired_link_is_gone_and_a_forged_one_is_not_found(visitor: Client, url: str, clock: Coordinates) -> None:
    forged = url[:-5] + ("aaaa/" if not url.endswith("aaaa/") else "bbbb/")
    assert visitor.get(forged).status_code == 404

    clock.shift(timedelta(days=181))

    answer = visitor.get(url)
    assert answer.status_code == 410
    assert "This link has expired." in answer.content.decode()


def test_a_link_of_one_partner_is_void_at_another(url: str) -> None:
    assert Client(headers={"host": "sued.localhost"}).get(url).status_code == 404


def test_the_customer_accepts_the_proposed_date(
    visitor: Client, url: str, order: Order, nord: Tenant, four_near: Cast
) -> None:
    proposed = propose_date_as_friend(
        job_id=order.placed_job_id,
        friend_id=four_near["Ben"].pk,
        starts_at=now() + timedelta(days=2),
        note="Evening suits me",
        now=now(),
    )
    assert "Evening suits me" in visitor.get(url).content.decode()

    answer = visitor.post(f"{url}date/{proposed.pk}/", follow=True)

    assert "Your appointment is confirmed" in answer.content.decode()
    calendar = visitor.get(f"{url}calendar/")
    assert calendar["Content-Type"].startswith("text/calendar")
    assert b"DTSTART" in calendar.content
    assert visitor.post(f"{url}date/{proposed.pk}/").status_code == 409


def test_what_waits_for_the_customer_stands_before_everything_else(
    visitor: Client, url: str, order: Order, nord: Tenant, four_near: Cast
) -> None:
    propose_date_as_friend(
        job_id=order.placed_job_id,
        friend_id=four_near["Ben"].pk,
        starts_at=now() + timedelta(days=2),
        now=now(),
    )

    page = visitor.get(url).content.decode()

    places = [page.index(words) for words in ("This appointment suits me", "+49 1511", "Order progress")]
    assert places == sorted(places)
    assert '<span class="face letter" aria-hidden="true">B</span>' in page


def test_nobody_counts_as_found_while_friends_are_asked(visitor: Client, nord: Tenant, four_near: Cast) -> None:
    asked = book(nord)
    with tenant_context(nord):
        page = visitor.get(f"/en/orders/{order_token(asked.uuid)}/").content.decode()

    assert "Friends near you are asked" in page
    assert "Friend found" not in page


def test_a_date_beyond_the_partners_horizon_is_told_at_the_field(visitor: Client, url: str) -> None:
    answer = visitor.post(f"{url}date/", {"starts_at": "2036-12-01T10:00", "note": "please"})

    assert answer.status_code == 422
    assert "Visits are usually within the next 60 days." in answer.content.decode()
    assert 'value="2036-12-01T10:00"' in answer.content.decode()


def test_a_date_in_the_past_stays_in_the_field_with_a_message(visitor: Client, url: str) -> None:
    answer = visitor.post(f"{url}date/", {"starts_at": "2026-11-01T10:00", "note": "please"})

    assert answer.status_code == 422
    assert "Please choose a time in the future." in answer.content.decode()
    assert "2026-11-01T10:00" in answer.content.decode()
    assert_valid_html(answer)


def test_rating_needs_stars_and_comes_once(
    visitor: Client, url: str, order: Order, four_near: Cast, nord: Tenant
) -> None:
    assert visitor.post(f"{url}rate/", {"stars": "5"}).status_code == 409
    ben = four_near["Ben"].pk
    contact_customer(job_id=order.placed_job_id, friend_id=ben, now=now())
    complete_job(
        job_id=order.placed_job_id,
        friend_id=ben,
        summary="Done",
        material="",
        minutes=30,
        is_paid=True,
        why_now="At once",
        now=now(),
    )

    empty = visitor.post(f"{url}rate/", {"words": "Lovely"})
    assert empty.status_code == 422
    assert "Please choose one to five stars." in empty.content.decode()
    assert "Lovely" in empty.content.decode()

    answer = visitor.post(f"{url}rate/", {"stars": "5", "words": "Lovely"}, follow=True)
    assert "Thank you for your rating." in answer.content.decode()
    assert visitor.post(f"{url}rate/", {"stars": "1"}).status_code == 409


def test_the_customer_cancels_once(visitor: Client, url: str, order: Order, nord: Tenant) -> None:
    answer = visitor.post(f"{url}cancel/", follow=True)

    assert "Your order has been cancelled" in answer.content.decode()
    assert_valid_html(answer)
    assert visitor.post(f"{url}cancel/").status_code == 409
    with tenant_context(nord):
        assert Order.objects.get(uuid=order.uuid).state == OrderState.CANCELLED
