"""What has not changed is not sent again, and what has changed meanwhile is not written over."""

import pytest
from time_machine import Coordinates

from dispatch.models import Offer
from journeys.order.finding.accept_offer import accept_offer
from kernel.clock import now
from tenants.context import platform_context
from tests.api.calls import Shop, placed, problem_of
from tests.cast import Cast


@pytest.mark.parametrize("path", ["packages", "packages/wifi-setup", "account", "orders", "orders/{id}/events"])
def test_what_has_not_changed_is_not_sent_again(shop: Shop, four_near: Cast, path: str) -> None:
    path = f"/api/v1/{path.format(id=placed(shop)['id'])}"
    first = shop.client.get(path)

    for known in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}', "*"):
        again = shop.client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert "RateLimit" in again
    assert shop.client.get(path, headers={"if-none-match": '"other"'}).content == first.content


def test_what_has_changed_is_sent(shop: Shop, four_near: Cast, clock: Coordinates) -> None:
    order = placed(shop)
    path = f"/api/v1/orders/{order['id']}"
    before = shop.client.get(path)
    clock.shift(1)
    with platform_context():
        offer = Offer.objects.get(friend=four_near["Ben"])
        accept_offer(job_id=offer.job_id, friend_id=offer.friend_id, now=now())

    after = shop.client.get(path, headers={"if-none-match": before["ETag"]})

    assert (after.status_code, after.json()["state"]) == (200, "accepted")
    assert after["ETag"] != before["ETag"]


def test_a_change_that_means_another_version_is_refused_and_changes_nothing(
    shop: Shop, four_near: Cast, clock: Coordinates
) -> None:
    order = placed(shop)
    path = f"orders/{order['id']}"
    tag = shop.get(path)["ETag"]
    sparse = shop.get(path, fields="state")["ETag"]
    clock.shift(1)
    wish = {"times": [{"day": "2026-11-30", "part": "morning"}]}

    changed = shop.send(f"{path}/times", wish, method="PUT", once="a", **{"if-match": sparse})

    assert changed.status_code == 200
    assert shop.send(f"{path}/times", wish, method="PUT", once="a", **{"if-match": sparse}).json() == changed.json()
    for old in (tag, '"1-2"', "nonsense"):
        problem_of(shop.send(f"{path}/cancel", {}, **{"if-match": old}), 412, "changed_meanwhile")
    assert shop.get(path).json()["state"] == "searching"
    assert shop.send(f"{path}/cancel", {}, **{"if-match": changed["ETag"]}).json()["state"] == "cancelled"
    problem_of(shop.send(f"{path}/cancel", {}, **{"if-match": "*"}), 409, "illegal_job_move")
