"""Managers try other rules on a month of orders (R17): choose, watch, compare; nothing of it touches a real order."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import Coordinates

from dispatch.models import Job
from journeys.partner import simulate_rules
from journeys.partner.simulate_rules import LOST_AFTER
from journeys.tasks import simulate_rules as worker
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book
from tests.pages import html_of
from tests.responses import Response


def choose(client: Client, **changed: object) -> Response:
    """Send the form as it stands, with some fields changed."""
    page = client.get("/admin/reports/simulation/")
    typed = {field.html_name: field.value() for field in page.context["fields"]}
    data = {name: "on" if value is True else value for name, value in typed.items() if value not in (None, False, [])}
    return client.post("/admin/reports/simulation/", data | {"month": "own"} | changed)


def play(tenant: Tenant, answer: Response) -> str:
    """Let the worker play the run that was begun, and return its address."""
    assert answer.status_code == 302
    address: str = answer["Location"]
    with tenant_context(tenant):
        worker(address.rstrip("/").rpartition("/")[2])
    return address


def test_the_menu_and_the_settings_lead_to_the_form(manager_client: Client, nord: Tenant) -> None:
    for page in ("/admin/", "/admin/partner-settings/"):
        assert "/admin/reports/simulation/" in html_of(manager_client.get(page))


def test_the_form_is_in_the_language_of_its_reader(manager_client: Client, nord: Tenant) -> None:
    page = manager_client.get("/admin/reports/simulation/", headers={"accept-language": "de"})

    assert "Ihre Bestellungen der letzten" in page.content.decode()


def test_a_manager_compares_two_sets_of_rules_on_the_own_month(
    manager_client: Client, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    for _number in range(3):
        book(nord)
    clock.shift(timedelta(hours=1))
    before = Job.objects.count()

    answer = choose(manager_client, wave_size="1", own_waves="1")
    waiting = html_of(manager_client.get(answer["Location"]))
    address = play(nord, answer)

    assert 'max="100" value="0"' in waiting
    page = html_of(manager_client.get(address))
    assert "3 orders, 4 friends" in page
    for words in ("Friends in a round", "Who takes the orders", "How soon they are taken", "How far the friend lives"):
        assert words in page
    assert page.count("<svg viewBox") == page.count("As a table") == 4
    assert manager_client.get(f"{address}progress/").json() == {"percent": 100, "is_over": True}
    assert Job.objects.count() == before
    assert address in html_of(manager_client.get("/admin/reports/simulation/"))


def test_a_made_up_month_needs_no_orders_of_ones_own(manager_client: Client, nord: Tenant) -> None:
    refused = choose(manager_client, wave_size="2")
    assert "Please choose a made-up month." in refused.content.decode()
    month = {"month": "made_up", "country": "DE", "friends": "20", "orders": "30"}

    address = play(nord, choose(manager_client, wave_size="2", **month))

    assert "30 orders, 20 friends" in html_of(manager_client.get(address))


def test_the_same_rules_are_nothing_to_compare(manager_client: Client, nord: Tenant, four_near: Cast) -> None:
    book(nord)

    answer = choose(manager_client)

    assert answer.status_code == 422
    assert "Please change at least one rule" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "typed"), [("wave_size", "0"), ("wave_size", "x"), ("friends", "501"), ("orders", "2001")]
)
def test_what_is_wrong_stands_beside_its_field(manager_client: Client, nord: Tenant, name: str, typed: str) -> None:
    month = {"month": "made_up", "country": "DE", "friends": "20", "orders": "30"}

    answer = choose(manager_client, **(month | {name: typed}))

    assert answer.status_code == 422
    assert name in answer.context["rules"].errors or name in answer.context["month"].errors


def test_a_run_without_its_worker_is_said_to_have_stopped_and_played_once_more(
    manager_client: Client, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    book(nord)
    address = choose(manager_client, wave_size="1")["Location"]
    clock.shift(LOST_AFTER + timedelta(seconds=1))

    assert "This run has stopped before its end." in html_of(manager_client.get(address))
    [again] = re.findall(rf'action="({address}again/)"', html_of(manager_client.get(address)))
    fresh = play(nord, manager_client.post(again))

    assert "1 order, 4 friends" in html_of(manager_client.get(fresh))


def test_the_worker_tells_how_far_the_month_is(
    manager_client: Client, nord: Tenant, four_near: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    heard = simulate_rules._heard

    def hear(run: simulate_rules.Run, **said: Any) -> object:
        told.append(said.get("share"))
        return heard(run, **said)

    monkeypatch.setattr(simulate_rules, "_heard", hear)
    month = {"month": "made_up", "country": "DE", "friends": "20", "orders": "60"}

    play(nord, choose(manager_client, wave_size="1", **month))

    assert told[0] == 0.0
    assert len(told) > 20
    assert told == sorted(told)
    assert told[-1] <= 1


def test_nobody_else_sees_a_run(
    manager_client: Client, visitor: Client, nord: Tenant, sued: Tenant, four_near: Cast
) -> None:
    book(nord)
    address = choose(manager_client, wave_size="1")["Location"]

    assert visitor.get(address).status_code == 302
    with tenant_context(sued):
        assert simulate_rules.simulation(address.rstrip("/").rpartition("/")[2]) is None
