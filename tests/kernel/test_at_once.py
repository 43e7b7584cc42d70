"""Related rows that come in the statement of their row are those that the tables hold, to the last value."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from dispatch.models import JobQuestion
from dispatch.selectors import offer_with_job
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.talking.ask_customer import ask_customer
from journeys.order.working.agree_date import contact_customer, propose_date_as_friend
from kernel.clock import now
from orders.models import Order
from orders.selectors import order_by_uuid
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, wished_windows


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that Ben has asked about and accepted, with a date that he proposes."""
    order, ben = book(nord), four_near["Ben"].pk
    about: dict[str, Any] = {"job_id": order.placed_job_id, "friend_id": ben, "now": now()}
    ask_customer(ready="", words="Is “it” a \\ or a ‘/’?", **about)
    accept_offer(**about)
    contact_customer(**about)
    propose_date_as_friend(starts_at=now().replace(day=26, hour=17), note="", **about)
    return order


def values(rows: Any) -> list[dict[str, Any]]:
    return [{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows]


def kinds(row: Model) -> list[type]:
    return [type(getattr(row, field.attname)) for field in row._meta.concrete_fields]


@pytest.mark.parametrize("name", ["answers", "windows", "appointments", "events"])
def test_a_whole_order_is_what_its_tables_hold(order: Order, nord: Tenant, name: str) -> None:
    with tenant_context(nord):
        whole = order_by_uuid(order.uuid)
        with CaptureQueriesContext(connection) as queries:
            found = list(getattr(whole, name).all())
        stored = {row.pk: row for row in getattr(Order.objects.get(pk=order.pk), name).all()}

    assert not queries.captured_queries
    assert found
    assert {row.pk for row in found} == set(stored)
    assert values(found) == values(stored[row.pk] for row in found)
    assert [kinds(row) for row in found] == [kinds(stored[row.pk]) for row in found]
    assert all(row.order is whole for row in found)


def test_rows_come_in_the_order_that_was_asked_for(order: Order, nord: Tenant) -> None:
    with tenant_context(nord):
        whole = order_by_uuid(order.uuid)

    assert [answer.question_key for answer in whole.answers.all()] == ["provider", "rooms", "problem"]
    assert [f"{window.day}:{window.part}" for window in whole.windows.all()] == wished_windows()
    assert [event.kind for event in whole.events.all()][:2] == ["placed", "wave_opened"]
    assert list(whole.objections.all()) == []


def test_rows_of_a_row_that_comes_along(order: Order, four_near: Cast) -> None:
    offer = offer_with_job(order.placed_job_id, four_near["Ben"].pk)

    assert offer is not None
    assert values(offer.job.questions.all()) == values(JobQuestion.objects.all())
    assert offer.job.questions.all()[0].job is offer.job
    assert list(offer.job.crossings.all()) == []


def test_nothing_comes_where_there_is_no_row(order: Order, nord: Tenant) -> None:
    with tenant_context(nord), pytest.raises(Order.DoesNotExist):
        order_by_uuid(order.placed_job_id)
