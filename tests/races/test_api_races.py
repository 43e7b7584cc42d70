"""Two calls at once under one name, and a process that dies between commit and answer: one order."""

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from api.views import View
from developers.errors import StillBeingAnswered
from developers.models import KeptAnswer, Key
from developers.services import answer_once, make_key
from kernel.clock import now
from orders.models import FedOrder, Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, order_body, token_for
from tests.cast import register_friend
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race
CALLS = 6


@pytest.fixture(autouse=True)
def tidied(committed: Tenant) -> Iterator[None]:
    """Ask four friends, and take the keys away afterwards."""
    for km, name in enumerate(("Ben", "Cem", "Dana", "Emil"), start=1):
        register_friend(name, km=km, communities=[committed.pk])
    yield
    with tenant_context(committed):
        Key.objects.all().delete()


def test_of_calls_at_once_under_one_name_one_is_carried_out(committed: Tenant) -> None:
    shop = Shop(token_for(committed))

    answers = in_threads(CALLS, lambda _place: shop.send("orders", order_body(), once="a"))

    found = Counter(answer.status_code for answer in answers)
    assert set(found) <= {201, 409}
    assert found[201] >= 1
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"still_being_answered"}
    with tenant_context(committed):
        assert Order.objects.count() == 1
    assert shop.send("orders", order_body(), once="a")["Idempotency-Replayed"] == "true"


def test_without_a_name_in_common_each_call_is_carried_out(committed: Tenant) -> None:
    shop = Shop(token_for(committed))

    in_threads(CALLS, lambda _place: shop.send("orders", order_body()))

    with tenant_context(committed):
        assert Order.objects.count() == CALLS


def test_of_orders_at_once_under_one_reference_one_is_placed(committed: Tenant) -> None:
    shop = Shop(token_for(committed))

    answers = in_threads(CALLS, lambda _place: shop.send("orders", order_body(reference="SHOP-1")))

    [placed] = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert [one["order"] for one in refused] == [placed] * (CALLS - 1)
    with tenant_context(committed):
        assert (Order.objects.count(), FedOrder.objects.count()) == (1, 1)


def test_who_dies_between_commit_and_answer_is_answered_the_next_time(
    committed: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(token_for(committed))

    class Died(BaseException):
        """The process is gone."""

    def die(*_args: Any, **_kwargs: Any) -> None:
        raise Died

    with monkeypatch.context() as patch:
        # The transaction is committed by then; the answer is not on its way yet.
        patch.setattr(View, "finalize_response", die)
        with pytest.raises(Died):
            shop.send("orders", order_body(), once="a")
    answer = shop.send("orders", order_body(), once="a")

    assert (answer.status_code, answer["Idempotency-Replayed"]) == (201, "true")
    with tenant_context(committed):
        assert Order.objects.count() == 1


def test_who_dies_at_work_leaves_nothing_behind_and_no_lock(committed: Tenant) -> None:
    with tenant_context(committed):
        key = make_key(name="Shop", scopes=["orders:read"], who="Maja", now=now()).key
    begun, go_on = threading.Event(), threading.Event()

    def call(act: Any) -> Any:
        with tenant_context(committed):
            try:
                return answer_once(key=key, idempotency_key="a", request_sha256="x", act=act, now=now())
            except (StillBeingAnswered, InterruptedError) as error:
                return error

    def die() -> Any:
        begun.set()
        go_on.wait()
        raise InterruptedError

    def come_second() -> Any:
        begun.wait()
        found = call(lambda: (200, {}))
        go_on.set()
        return found

    first, second = in_threads(2, lambda place: come_second() if place else call(die))

    assert isinstance(first, InterruptedError)
    assert isinstance(second, StillBeingAnswered)
    assert call(lambda: (201, {})).status == 201
    with tenant_context(committed):
        assert KeptAnswer.objects.get().status == 201
