"""Ratings in the managers' admin (R13): the list, words to decide about, and the case of a low rating."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journeys.order.rating.moderate_ratings import report_as_friend
from kernel.clock import now
from orders.models import Order
from orders.states import Attention
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, sign_in_staff
from tests.pages import assert_valid_html
from tests.ratings import finish, rate_as_customer, rate_as_friend

LIST = "/admin/ratings/"


@pytest.fixture
def rated(nord: Tenant, four_near: Cast) -> Callable[..., Order]:
    """Return a function that lets Ben do a job that both sides then rate."""

    def act(stars: int = 5, words: str = "Quick and kind", *, is_shown: bool = True) -> Order:
        order = finish(book(nord), four_near["Ben"])
        rate_as_customer(nord, order, stars=stars, words=words)
        if is_shown:
            rate_as_friend(order, four_near["Ben"], words="Good coffee")
        return order

    return act


def listed(client: Client, show: str = "") -> list[str]:
    """Return the words that the list shows."""
    text = client.get(LIST, {"show": show}).content.decode()
    return [words for words in ("Quick and kind", "Late and rude", "So so") if words in text]


def test_the_list_shows_what_is_shown_and_filters(
    manager_client: Client, rated: Callable[..., Order], four_near: Cast, nord: Tenant
) -> None:
    rated()
    low = rated(1, "Late and rude")
    rated(3, "So so", is_shown=False)
    report_as_friend(job_id=low.placed_job_id, friend_id=four_near["Ben"].pk, reason="Not true", now=now())

    assert listed(manager_client) == ["Quick and kind", "Late and rude"]
    assert listed(manager_client, "low") == ["Late and rude"]
    assert listed(manager_client, "open") == ["Late and rude"]
    assert listed(manager_client, "reported") == ["Late and rude"]
    assert listed(manager_client, "hidden") == []
    assert_valid_html(manager_client.get(LIST))


def test_words_are_hidden_with_a_reason_and_never_without(
    manager_client: Client, rated: Callable[..., Order], nord: Tenant
) -> None:
    order = rated(1, "Late and rude")
    url = f"{LIST}{order.uuid}/words/review/"
    assert "Hide or keep this comment" in manager_client.get(f"{LIST}{order.uuid}/").content.decode()

    without = manager_client.post(url, {"decision": "", "verdict": "hide"})
    assert without.status_code == 422
    assert "Please give a reason." in without.content.decode()
    answer = manager_client.post(url, {"decision": "An insult", "verdict": "hide"}, follow=True)

    assert "An insult" in answer.content.decode()
    assert "Late and rude" not in manager_client.get(LIST).content.decode()
    assert listed(manager_client, "hidden") == []
    assert "The comment is hidden." in manager_client.get(LIST, {"show": "hidden"}).content.decode()
    assert manager_client.post(url, {"decision": "Again", "verdict": "keep"}).status_code == 409
    assert_valid_html(answer)


def test_a_case_is_noted_on_and_closed(manager_client: Client, rated: Callable[..., Order], nord: Tenant) -> None:
    order = rated(2, "Late and rude", is_shown=False)
    url = f"{LIST}{order.uuid}/"
    desk = manager_client.get("/admin/").content.decode()
    assert "Low rating" in desk
    assert f"/admin/ratings/{order.uuid}/" in desk

    manager_client.post(f"{url}note/", {"text": "Ben had a flat tyre."})
    wrong = manager_client.post(f"{url}close/", {"outcome": "", "words": "Solved"})
    assert wrong.status_code == 422
    assert "Solved" in wrong.content.decode()
    assert "Please choose an outcome." in wrong.content.decode()
    closed = manager_client.post(f"{url}close/", {"outcome": "apologised", "words": "Solved"}, follow=True)

    text = closed.content.decode()
    assert "Ben had a flat tyre." in text
    assert "Apologised to the customer" in text
    assert manager_client.post(f"{url}close/", {"outcome": "nothing", "words": "Again"}).status_code == 409
    assert manager_client.post(f"{url}note/", {"text": "Again"}).status_code == 409
    with tenant_context(nord):
        assert Order.objects.get(uuid=order.uuid).attention == Attention.NONE
    assert_valid_html(closed)


def test_a_low_rating_leaves_the_desk_only_with_its_case(
    manager_client: Client, rated: Callable[..., Order], nord: Tenant, four_near: Cast
) -> None:
    order = rated(1, "Late and rude")
    report_as_friend(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, reason="Not true", now=now())

    answer = manager_client.post(f"/admin/orders/{order.uuid}/off-desk/", follow=True)

    assert "Please close the case first." in answer.content.decode()
    desk = manager_client.get("/admin/").content.decode()
    assert f"/admin/ratings/{order.uuid}/" in desk
    assert "Reported comments in 1 rating await your decision." in desk
    with tenant_context(nord):
        assert Order.objects.get(uuid=order.uuid).attention == Attention.LOW_RATING


def test_the_orders_page_tells_the_story_and_the_friends_number(
    manager_client: Client, rated: Callable[..., Order], nord: Tenant
) -> None:
    for _time in range(3):
        order = rated()
    with tenant_context(nord):
        order_pk = Order.objects.get(uuid=order.uuid).pk

    text = manager_client.get(f"/admin/orders/inspect/{order_pk}/").content.decode()

    assert "★ 4.7 from 3 ratings" in text
    assert "Rated with 5 stars" in text
    assert f"/admin/ratings/{order.uuid}/" in text


def test_another_partners_manager_finds_nothing(rated: Callable[..., Order], sued: Tenant) -> None:
    order = rated(1, "Late and rude")
    client = Client(headers={"host": "sued.localhost"})
    sign_in_staff(client, "manager@sued.example")

    assert "Late and rude" not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{order.uuid}/", follow=True).status_code == 404
    for path, data in (
        ("words/review/", {"decision": "x", "verdict": "hide"}),
        ("note/", {"text": "x"}),
        ("close/", {"outcome": "nothing", "words": "x"}),
    ):
        assert client.post(f"{LIST}{order.uuid}/{path}", data, follow=True).status_code == 404


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    manager_client: Client, rated: Callable[..., Order]
) -> None:
    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert manager_client.get(LIST).status_code == 200
        return len(captured)

    rated()
    queries()
    few = queries()
    for _time in range(5):
        rated()

    assert queries() == few
