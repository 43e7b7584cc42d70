"""Operators make, change and end contracts, and read the audit log of crossings (R17, R2)."""

import csv
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Kind, User
from dispatch.models import Crossing, OverflowContract
from kernel.clock import now
from tenants.models import Tenant
from tests.cast import PASSWORD, Cast, book, register_friend
from tests.journeys.order.escalation.steps import approve, escalate
from tests.overflow import agree, bring_on_site, fresh, next_wave, register_pro
from tests.pages import assert_valid_html

LIST = "/en/operators/contracts/"
NEW = f"{LIST}new/"
LOG = "/en/operators/crossings/"


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return an operator, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


def terms(giver: Tenant | None, **said: object) -> dict[str, object]:
    """Return what an operator types."""
    return {
        "giver": str(giver.pk) if giver else "",
        "community": "0",
        "commission_bp": "25",
        "partner_share_bp": "40",
        "shows_brand": "on",
        "hours_from": "0",
        "hours_until": "24",
        "valid_from": now().date().isoformat(),
        **said,
    }


def one_crossing(nord: Tenant) -> Crossing:
    """Let a job of Nord cross."""
    agree(nord, commission_bp=2_500)
    register_friend("Greta", km=2, in_shared_crowd=True)
    next_wave(book(nord))
    return Crossing.objects.get()


def test_a_contract_may_run_for_ten_years(operator_client: Client, nord: Tenant) -> None:
    made = operator_client.post(NEW, terms(nord, valid_until="2036-11-24"))

    assert made.status_code == 302
    assert OverflowContract.objects.get(tenant_id=nord.pk).valid_until == date(2036, 11, 24)


def test_a_contract_is_made_changed_and_ended(operator_client: Client, nord: Tenant) -> None:
    assert_valid_html(operator_client.get(NEW))
    made = operator_client.post(NEW, terms(nord, countries=["DE"], postal_prefixes="10, 12", packages="wifi-setup"))
    assert made.status_code == 302
    contract = OverflowContract.objects.get(tenant_id=nord.pk)
    assert (contract.commission_bp, contract.partner_share_bp) == (2_500, 4_000)
    assert (contract.postal_prefixes, contract.packages) == (["DE 10", "DE 12"], ["wifi-setup"])

    page = operator_client.get(made["Location"])
    assert_valid_html(page)
    assert "After that the contract for all applies to Nord" in page.content.decode()
    form = operator_client.get(f"{LIST}{contract.pk}/change/")
    assert 'value="25"' in form.content.decode()
    assert_valid_html(form)

    changed = operator_client.post(f"{LIST}{contract.pk}/change/", terms(None, commission_bp="30"))
    assert changed.status_code == 302
    new = OverflowContract.objects.get(tenant_id=nord.pk, ended_at=None)
    assert (new.commission_bp, new.tenant_id) == (3_000, nord.pk)

    ended = operator_client.post(f"{LIST}{new.pk}/end/")
    assert ended.status_code == 302
    assert not OverflowContract.objects.filter(tenant_id=nord.pk, ended_at=None).exists()
    assert operator_client.post(f"{LIST}{new.pk}/end/").status_code == 409
    page = operator_client.get(LIST)
    assert_valid_html(page)
    assert page.content.decode().count("Nord") >= 2


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"partner_share_bp": "101"}, "from 0 to 100"),
        ({"commission_bp": "-1"}, "from 0 to 100"),
        ({"commission_bp": "much"}, "Please enter a number."),
        ({"hours_from": "9", "hours_until": "8"}, "must end later than they begin"),
        ({"valid_until": "2020-01-01"}, "would end before it starts"),
        ({"valid_until": "2226-11-24"}, "Please choose a day within the next ten years."),
        ({"valid_from": "2226-11-24"}, "Please choose a day within the next ten years."),
        ({"valid_until": "2036-11-25"}, "Please choose a day within the next ten years."),
        ({"postal_prefixes": "10"}, "Please write the country before"),
        ({"packages": "unheard-of"}, "has no package unheard-of"),
        ({"valid_from": ""}, "Please enter a day."),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(
    operator_client: Client, nord: Tenant, said: dict[str, object], words: str
) -> None:
    answer = operator_client.post(NEW, terms(nord, **said))

    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert all(f'value="{value}"' in text for value in said.values() if value)
    assert not OverflowContract.objects.filter(tenant_id=nord.pk).exists()


def test_no_contract_with_oneself(operator_client: Client, nord: Tenant) -> None:
    answer = operator_client.post(NEW, terms(nord, community=str(nord.pk)))

    assert answer.status_code == 422
    assert "A contract is between two" in answer.content.decode()


def test_the_audit_log_is_filtered_summed_and_exported(
    operator_client: Client, nord: Tenant, sued: Tenant, four_near: Cast
) -> None:
    crossing = one_crossing(nord)
    number = crossing.job.order_number
    today, tomorrow = now().date(), now().date() + timedelta(days=1)

    page = operator_client.get(LOG)
    assert_valid_html(page)
    for words in (number, "12.25", "6.12", "postal_code"):
        assert words in page.content.decode()
    found = {
        f"?partner={nord.pk}": True,
        f"?partner={sued.pk}": False,
        f"?since={today}&until={today}": True,
        f"?since={tomorrow}": False,
        f"?contract={crossing.contract_id}": True,
        "?since=nonsense": True,
    }
    for query, is_there in found.items():
        assert (number in operator_client.get(LOG + query).content.decode()) is is_there

    answer = operator_client.get(f"{LOG}csv/?partner={nord.pk}")
    head, row = csv.reader(answer.content.decode().splitlines())
    line = dict(zip(head, row, strict=True))
    assert (line["order"], line["commission_minor"], line["partner_share_minor"]) == (number, "1225", "612")
    assert (line["giver"], line["taker"]) == ("Nord", "Shared crowd")
    assert (line["state"], line["is_done"]) == ("searching", "0")


def test_the_file_says_that_a_friend_who_handed_over_to_a_pro_gets_nothing_of_the_price(
    operator_client: Client, nord: Tenant
) -> None:
    agree(nord, commission_bp=2_500)
    greta = register_friend("Greta", km=2, in_shared_crowd=True)
    register_pro("Petra", km=8, communities=[nord.pk])
    order = book(nord)
    file = f"{LOG}csv/?partner={nord.pk}"
    next_wave(order)
    bring_on_site(order, greta)
    (before,) = csv.DictReader(operator_client.get(file).content.decode().splitlines())
    assert (before["price_minor"], before["friend_minor"]) == ("4900", "3675")

    escalate(fresh(nord, order), greta)
    approve(nord, fresh(nord, order))

    (after,) = csv.DictReader(operator_client.get(file).content.decode().splitlines())
    assert (after["price_minor"], after["friend_minor"], after["is_done"]) == ("0", "0", "0")


def test_pages_ask_the_database_no_more_often_for_many_contracts(
    operator_client: Client, nord: Tenant, sued: Tenant
) -> None:
    agree(nord)
    with CaptureQueriesContext(
        connection,
    ) as few:
        operator_client.get(LIST)
    agree(nord, sued.pk)
    agree(sued, nord.pk)
    agree(sued)
    with CaptureQueriesContext(connection) as many:
        operator_client.get(LIST)

    assert len(many) <= len(few)


def test_only_operators_come_in(friend_client: Client, nord: Tenant) -> None:
    contract = agree(nord)
    for path in (LIST, NEW, f"{LIST}{contract.pk}/", LOG, f"{LOG}csv/"):
        assert friend_client.get(path).status_code == 403
        assert Client(headers={"host": "app.localhost"}).get(path).status_code == 302
    assert friend_client.post(f"{LIST}{contract.pk}/end/").status_code == 403
    contract.refresh_from_db()
    assert contract.ended_at is None
