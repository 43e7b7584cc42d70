"""A query that is written once finds what the same query finds that is written anew."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from crowd.models import Friend
from crowd.selectors import friends_with_facts
from kernel.database.written_once import only_one, written_once
from orders.models import Order
from orders.selectors import order_by_uuid, whole_orders
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book
from tests.isolation.conftest import in_thread


@written_once
def friends_called(first_name: str, radius_m: int) -> QuerySet[Friend]:
    return friends_with_facts().filter(first_name=first_name, radius_m__gte=radius_m).order_by("id")


@written_once
def ids_of_friends_called(first_name: str) -> QuerySet[Friend, UUID]:
    return Friend.objects.filter(first_name=first_name).values_list("pk", flat=True)


def test_each_question_has_its_own_values(four_near: Cast) -> None:
    assert friends_called("Ben", 0) == [four_near["Ben"]]
    assert friends_called(first_name="Cem", radius_m=0) == [four_near["Cem"]]
    assert friends_called("Ben", 10_000_000) == []
    assert ids_of_friends_called("Dana") == [four_near["Dana"].pk]


def test_rows_are_read_anew_each_time(four_near: Cast) -> None:
    before = friends_called("Ben", 0)[0]
    Friend.objects.filter(pk=before.pk).update(town="Potsdam")

    after = friends_called("Ben", 0)[0]

    assert (before.town, after.town) != ("Potsdam", before.town)
    assert after.town == "Potsdam"
    assert [one.community for one in after.memberships.all()] == [one.community for one in before.memberships.all()]


def test_the_text_is_written_once_and_is_the_same(four_near: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with CaptureQueriesContext(connection) as queries:
        friends_called("Ben", 1)
        list(friends_with_facts().filter(first_name="Ben", radius_m__gte=1).order_by("id"))
    asked, anew = (one["sql"] for one in queries)
    monkeypatch.setattr(QuerySet, "annotate", None)

    assert friends_called("Ben", 0) == [four_near["Ben"]]
    assert asked.replace("('Ben')", "'Ben'").replace("(1)", "1") == anew


def test_a_schema_finds_its_own_rows_with_the_text_of_another(nord: Tenant, sued: Tenant, four_near: Cast) -> None:
    order = book(nord)

    with tenant_context(nord):
        found, anew = order_by_uuid(order.uuid), whole_orders().get(pk=order.pk)
    with tenant_context(sued), pytest.raises(Order.DoesNotExist):
        order_by_uuid(order.uuid)

    assert vars(found).keys() == vars(anew).keys()
    assert (found.package.name, list(found.answers.all())) == (anew.package.name, list(anew.answers.all()))


@pytest.mark.django_db
def test_another_thread_asks_on_its_own_connection() -> None:
    here = connection.connection.get_backend_pid() if connection.connection else None

    assert friends_called("Nobody", 0) == []
    assert in_thread(lambda: (friends_called("Nobody", 0), connection.connection.get_backend_pid() == here)) == (
        [],
        False,
    )


def test_what_is_not_there_is_said_in_the_words_of_its_model(db: None) -> None:
    with pytest.raises(Friend.DoesNotExist):
        only_one(friends_called(str(uuid4()), 0), Friend)
