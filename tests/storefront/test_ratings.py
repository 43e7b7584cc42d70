"""What customers see of friends and ratings on their status page (R13)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crowd.models import Friend
from journeys.links import order_token
from journeys.order.rating.moderate_ratings import reply_to_rating
from kernel.clock import now
from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book
from tests.pages import assert_valid_html
from tests.ratings import FRIEND_SAYS, finish, rate_as_customer, rate_as_friend


@pytest.fixture
def done(nord: Tenant, four_near: Cast) -> Order:
    """Return an order whose work Ben has done."""
    return finish(book(nord), four_near["Ben"])


@pytest.fixture
def url(done: Order, nord: Tenant) -> str:
    """Return the path of its status page."""
    with tenant_context(nord):
        return f"/en/orders/{order_token(done.uuid)}/"


def test_the_page_shows_who_comes_with_a_number_or_as_new(visitor: Client, url: str, four_near: Cast) -> None:
    Friend.objects.filter(pk=four_near["Ben"].pk).update(ratings_count=2, ratings_sum=2)
    assert '<span class="badge">New</span>' in visitor.get(url).content.decode()

    Friend.objects.filter(pk=four_near["Ben"].pk).update(ratings_count=12, ratings_sum=57)

    page = visitor.get(url)
    assert '<strong class="number">4.7</strong>' in page.content.decode()
    assert "from 12 ratings" in page.content.decode()
    assert_valid_html(page)


def test_stars_by_criterion_are_sent_and_wrong_ones_refused(
    visitor: Client, url: str, done: Order, nord: Tenant
) -> None:
    wrong = visitor.post(f"{url}rate/", {"stars": "5", "punctual": "9", "words": "Lovely"})
    assert wrong.status_code == 422
    assert "Lovely" in wrong.content.decode()
    assert_valid_html(wrong)

    answer = visitor.post(f"{url}rate/", {"stars": "5", "punctual": "4", "words": "Lovely"}, follow=True)

    assert "Ben M. sees it as soon as both of you have rated" in answer.content.decode()
    assert_valid_html(answer)
    with tenant_context(nord):
        assert Order.objects.get(uuid=done.uuid).review.criteria == {"punctual": 4}


def test_the_customer_reports_the_friends_words_once(
    visitor: Client, url: str, done: Order, nord: Tenant, four_near: Cast
) -> None:
    report = f"{url}report/customer_review/"
    assert visitor.post(report, {"reason": "Not true"}).status_code == 409
    rate_as_customer(nord, done)
    rate_as_friend(done, four_near["Ben"])
    assert FRIEND_SAYS in visitor.get(url).content.decode()

    empty = visitor.post(report, {"reason": ""})
    assert empty.status_code == 422
    assert "Please give a reason." in empty.content.decode()
    assert_valid_html(empty)
    answer = visitor.post(report, {"reason": "Not true"}, follow=True)

    assert "You have reported this comment." in answer.content.decode()
    assert visitor.post(report, {"reason": "Not true"}).status_code == 409
    assert visitor.post(f"{url}report/nothing/", {"reason": "x"}).status_code == 404
    assert_valid_html(answer)


def test_the_page_takes_no_more_queries_for_many_reports(
    visitor: Client, url: str, done: Order, nord: Tenant, four_near: Cast
) -> None:
    rate_as_customer(nord, done)
    rate_as_friend(done, four_near["Ben"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert visitor.get(url).status_code == 200
        return len(captured)

    reply_to_rating(job_id=done.placed_job_id, friend_id=four_near["Ben"].pk, text="Thank you!", now=now())
    visitor.post(f"{url}report/customer_review/", {"reason": "Not true"})
    # The message of thanks is read once.
    queries()
    few = queries()
    visitor.post(f"{url}report/reply/", {"reason": "Not kind"})
    queries()

    assert queries() == few
