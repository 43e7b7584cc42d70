"""Friends in the Union say who they are for the tax office; two reminders, 60 days, then no payouts (R19)."""

import re
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from time_machine import Coordinates

from accounts.models import User
from crowd.models import Friend
from journeys.money.payouts.pay_out import hold_payouts, lift_hold
from journeys.money.sellers.seller_data import enter_seller_data
from journeys.tasks import collect_seller_data
from kernel.clock import now
from payouts.models import Hold, Payout
from payouts.states import HoldKind
from tax.errors import NotATin
from tax.models import Asked, SellerData
from tax.services import Entered
from tax.tins import clean_tin
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import PASSWORD, deliver
from tests.pages import assert_valid_html, press, text_of
from tests.payouts.money import TODAY, earn, weekly, with_account

PAYOUTS, DETAILS = "/en/payouts/", "/en/payouts/tax/"
TIN = "36 574 261 809"
ENTERED = Entered("DE", TIN, date(1990, 5, 4), "", "", "Musterweg 5", "10115", "Berlin")
DAY = timedelta(days=1).total_seconds()


def said(**changed: str) -> dict[str, str]:
    return {
        "country": "DE", "tin": TIN, "born_on": "1990-05-04", "street": "Musterweg 5", "postal_code": "10115",
        "town": "Berlin", "birth_town": "", "birth_country": "",
    } | changed  # fmt: skip


def sign_in(client: Client) -> None:
    """Sign Ben in again, whose session is over after weeks."""
    client.post("/en/sign-in/", {"username": "ben@friends.example", "password": PASSWORD})


def subjects() -> list[str]:
    collect_seller_data()
    return [mail.subject for mail in deliver()]


@pytest.mark.parametrize(
    ("country", "tin", "kept"),
    [
        ("DE", TIN, "36574261809"),
        ("AT", "59-119/9013", "591199013"),
        ("PL", "44051401359", "44051401359"),
        ("PL", "526-000-12-46", "5260001246"),
        ("CH", "756.9217.0769.85", "7569217076985"),
        ("IT", "rccmnl83s18d969h", "RCCMNL83S18D969H"),
        ("LU", "1893 120 105 732", "1893120105732"),
    ],
)
def test_a_tax_number_is_kept_without_signs(country: str, tin: str, kept: str) -> None:
    assert clean_tin(tin, country) == kept


@pytest.mark.parametrize(
    ("country", "tin"),
    [("DE", "36 574 261 800"), ("DE", "44051401359"), ("AT", "59-119/9014"), ("PL", "44051401358"), ("LU", "12")],
)
def test_a_wrong_check_digit_or_another_countrys_number_is_refused(country: str, tin: str) -> None:
    with pytest.raises(NotATin):
        clean_tin(tin, country)


def test_who_has_earned_is_asked_reminded_twice_and_not_paid_until_the_details_are_there(
    friend_client: Client, ben: Friend, clock: Coordinates
) -> None:
    with_account(ben.pk)
    deliver()
    assert subjects() == []
    earn(ben.pk)

    assert subjects() == ["Please enter your tax details"]
    assert subjects() == []
    assert "until 23 January 2027" in text_of(friend_client.get(PAYOUTS))
    clock.shift(20 * DAY)
    assert subjects() == ["Reminder: we still need your tax details"]
    clock.shift(20 * DAY)
    assert subjects() == ["Second reminder: we still need your tax details"]
    clock.shift(19 * DAY)
    assert subjects() == []
    clock.shift(1 * DAY)
    assert subjects() == ["We can't pay you until we have your tax details"]

    assert weekly() == []
    sign_in(friend_client)
    page = friend_client.get(PAYOUTS)
    assert_valid_html(page)
    assert "By law we may not pay you until we have your tax details." in text_of(page)
    form = press(friend_client, page, "Enter your tax details")
    assert_valid_html(form)
    done = press(friend_client, form, "Save my tax details", said())
    assert "Your tax details have been saved." in text_of(done)
    assert [mail.subject for mail in deliver()] == ["Your payouts continue"]
    assert SellerData.objects.get(pk=ben.pk).tin == "36574261809"
    assert not Asked.objects.exists()
    clock.shift(7 * DAY)
    assert [one.friend_id for one in weekly()] == [ben.pk]
    assert subjects()[1:] == []


def test_who_could_not_be_reminded_in_time_is_not_blocked_at_once(ben: Friend, clock: Coordinates) -> None:
    earn(ben.pk)
    subjects()
    clock.shift(90 * DAY)

    steps = []
    for _time in range(3):
        steps.append([*subjects(), *subjects()])
        clock.shift(10 * DAY)

    assert [len(step) for step in steps] == [1, 1, 1]
    assert Hold.objects.get(lifted_at=None).kind == HoldKind.TAX


def test_the_database_refuses_a_block_before_two_reminders_and_sixty_days(ben: Friend) -> None:
    long_ago, later = now() - timedelta(days=59), now() - timedelta(days=20)
    with pytest.raises(IntegrityError, match="tax_block_after_two_reminders"), transaction.atomic():
        Asked.objects.create(friend_id=ben.pk, asked_at=now() - timedelta(days=99), blocked_at=now())
    with pytest.raises(IntegrityError, match="tax_block_after_two_reminders"), transaction.atomic():
        Asked.objects.create(
            friend_id=ben.pk, asked_at=long_ago, reminded_at=later, reminded_again_at=now(), blocked_at=now()
        )
    with pytest.raises(IntegrityError, match="tax_reminders_in_order"), transaction.atomic():
        Asked.objects.create(friend_id=ben.pk, asked_at=long_ago, reminded_again_at=now())


def test_an_operators_hold_takes_the_place_of_the_laws_and_gives_it_back_at_once(
    operator_client: Client,
    ben: Friend,
    clock: Coordinates,
) -> None:
    earn(ben.pk)
    for _step in range(4):
        collect_seller_data()
        clock.shift(20 * DAY)
    assert Hold.objects.get(lifted_at=None).kind == HoldKind.TAX

    hold_payouts(friend_id=ben.pk, reason="Under review", who="Olga", now=now())
    assert Hold.objects.get(lifted_at=None).reason == "Under review"
    with_account(ben.pk)
    deliver()
    page = f"/en/operators/payouts/friends/{ben.pk}/"
    operator_client.force_login(User.objects.get(email="olga@quartett.example"))

    lifted = press(operator_client, operator_client.get(page), "Pay again")

    assert "The law keeps the payouts back" in text_of(lifted)
    assert "payouts continue" not in text_of(lifted)
    assert deliver() == []
    assert Hold.objects.get(lifted_at=None).kind == HoldKind.TAX
    weekly()
    assert not Payout.objects.exists()
    assert enter_seller_data(friend_id=ben.pk, entered=ENTERED, today=TODAY, now=now())
    clock.shift(7 * DAY)
    weekly()
    assert Payout.objects.get().friend_id == ben.pk


def test_an_operators_hold_stays_when_the_details_come_and_ends_when_it_is_lifted(
    ben: Friend, clock: Coordinates
) -> None:
    earn(ben.pk)
    with_account(ben.pk)
    for _step in range(4):
        collect_seller_data()
        clock.shift(20 * DAY)
    hold_payouts(friend_id=ben.pk, reason="Under review", who="Olga", now=now())
    enter_seller_data(friend_id=ben.pk, entered=ENTERED, today=TODAY, now=now())
    deliver()
    assert weekly() == []

    lift_hold(friend_id=ben.pk, who="Olga", now=now())

    assert [mail.subject for mail in deliver()] == ["Your payouts continue"]
    clock.shift(7 * DAY)
    assert [one.friend_id for one in weekly()] == [ben.pk]


def test_who_moves_out_of_the_union_is_paid_again(ben: Friend, clock: Coordinates) -> None:
    earn(ben.pk)
    with_account(ben.pk)
    for _step in range(4):
        collect_seller_data()
        clock.shift(20 * DAY)
    deliver()
    assert weekly() == []
    Friend.objects.filter(pk=ben.pk).update(country="CH")

    assert subjects() == ["Your payouts continue"]

    assert not Asked.objects.exists()
    clock.shift(7 * DAY)
    assert [one.friend_id for one in weekly()] == [ben.pk]


def test_who_pays_taxes_outside_the_union_can_correct_it(friend_client: Client, ben: Friend) -> None:
    friend_client.post(DETAILS, said(country="CH", tin="756.9217.0769.85"))

    page = friend_client.get(DETAILS)

    assert "we don't need these details" in text_of(page)
    assert "Your tax details have been saved." in text_of(press(friend_client, page, "Save my tax details", said()))
    assert SellerData.objects.get().country == "DE"


def test_who_lives_in_switzerland_is_asked_nothing(friend_client: Client, ben: Friend) -> None:
    Friend.objects.filter(pk=ben.pk).update(country="CH")
    earn(ben.pk, currency="CHF")

    assert subjects() == []
    assert "tax details" not in text_of(friend_client.get(PAYOUTS))
    assert "we don't need these details" in text_of(friend_client.get(DETAILS))


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"tin": "36 574 261 800"}, "tin", "It looks like 36 574 261 809"),
        ({"tin": ""}, "tin", "the town and country of your birth"),
        ({"tin": "", "birth_town": "Berlin"}, "tin", "the town and country of your birth"),
        ({"born_on": "2020-05-04"}, "born_on", "date of birth"),
        ({"born_on": "1890-05-04"}, "born_on", "date of birth"),
        ({"street": " "}, "street", "fill this in"),
        ({"country": "US"}, "country", "US"),
    ],
)
def test_a_fault_stands_beside_its_field(
    friend_client: Client, ben: Friend, changed: dict[str, str], field: str, words: str
) -> None:
    answer = friend_client.post(DETAILS, said(**changed))

    assert answer.status_code == 422
    assert_valid_html(answer)
    assert re.search(rf'id="id_{field}_error[^>]*>.*?{re.escape(words)}', answer.content.decode(), re.S)
    assert not SellerData.objects.exists()


def test_who_has_no_number_says_where_they_were_born(friend_client: Client, ben: Friend) -> None:
    friend_client.post(DETAILS, said(tin="", birth_town="Lagos", birth_country="NG"))

    assert SellerData.objects.get().birth_country == "NG"


def test_no_partner_reads_any_of_it(nord: Tenant, friend_client: Client, ben: Friend) -> None:
    friend_client.post(DETAILS, said())
    assert SellerData.objects.exists()

    for model in (SellerData, Asked):
        with tenant_context(nord), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model.objects.exists()


@pytest.mark.parametrize("language", ["de", "fr", "it", "pl"])
def test_page_and_mails_are_there_in_all_languages(friend_client: Client, ben: Friend, language: str) -> None:
    Friend.objects.filter(pk=ben.pk).update(language=language)
    earn(ben.pk)

    assert "tax details" not in subjects()[0]
    assert_valid_html(friend_client.get(f"/{language}/payouts/tax/"))
    assert_valid_html(friend_client.get(f"/{language}/payouts/"))
