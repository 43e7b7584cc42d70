"""Where a friend is paid: entered in the app with the password, checked beside the field, told by mail (R19)."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from crowd.models import Friend
from kernel.clock import now
from payouts.errors import IbanForBills, IbanHasAnotherLength, IbanOutOfReach, NotAnIban
from payouts.ibans import clean_iban, takes
from payouts.models import BankAccount
from tests.cast import PASSWORD, Cast, deliver
from tests.pages import assert_valid_html, text_of
from tests.payouts.money import GERMAN, POLISH, SWISS, earn, weekly

PAYOUTS, ACCOUNT = "/en/payouts/", "/en/payouts/account/"


def said(**changed: str) -> dict[str, str]:
    return {"holder": "Ben Muster", "iban": "de89 3704 0044 0532 0130 00", "password": PASSWORD} | changed


def link_in(client: Client, path: str, words: str) -> str:
    """Return where the link with these words leads."""
    found = re.search(rf'<a[^>]*href="([^"]*)"[^>]*>\s*{re.escape(words)}', client.get(path).content.decode())
    assert found, words
    return found[1]


@pytest.mark.parametrize("iban", [GERMAN, SWISS, POLISH, "AT611904300234573201", "LI21 0881 0000 2324 013A A"])
def test_accounts_where_we_work_are_taken_with_and_without_blanks(iban: str) -> None:
    assert clean_iban(f" {iban.lower()} ") == iban.replace(" ", "")


@pytest.mark.parametrize(
    ("iban", "error"),
    [
        ("DE89370400440532013001", NotAnIban),
        ("", NotAnIban),
        ("Sparkasse", NotAnIban),
        ("DE8937040044053201300", IbanHasAnotherLength),
        ("DE893704004405320130000", IbanHasAnotherLength),
        ("TR330006100519786457841326", IbanOutOfReach),
        ("US64SVBKUS6S3300958879", IbanOutOfReach),
        ("CH4431999123000889012", IbanForBills),
    ],
)
def test_what_cannot_be_paid_to_is_refused_by_its_name(iban: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        clean_iban(iban)


def test_francs_and_zloty_go_to_accounts_of_their_country_and_euros_wherever_sepa_reaches() -> None:
    assert [takes(SWISS, one) for one in ("CHF", "EUR", "PLN")] == [True, True, False]
    assert [takes(GERMAN, one) for one in ("CHF", "EUR", "PLN")] == [False, True, False]
    assert [takes(POLISH, one) for one in ("CHF", "EUR", "PLN")] == [False, True, True]


def test_a_friend_finds_the_form_from_the_profile_enters_an_account_and_is_told_by_mail(
    friend_client: Client, four_near: Cast
) -> None:
    deliver()
    assert_valid_html(friend_client.get("/en/profile/"))
    page = link_in(friend_client, "/en/profile/", "Payouts")
    form = link_in(friend_client, page, "Enter your bank account")
    assert_valid_html(friend_client.get(form))

    answer = friend_client.post(form, said(), follow=True)

    assert "Your bank account has been saved." in text_of(answer)
    assert "DE… 3000" in text_of(friend_client.get(PAYOUTS))
    assert GERMAN not in friend_client.get(PAYOUTS).content.decode()
    assert_valid_html(friend_client.get(PAYOUTS))
    entered = BankAccount.objects.get(friend_id=four_near["Ben"].pk)
    assert (entered.iban, entered.holder, entered.ended_at) == (GERMAN, "Ben Muster", None)
    [mail] = deliver()
    assert mail.subject == "Your bank account has been changed"
    assert "DE… 3000" in mail.body
    assert GERMAN not in mail.body


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"iban": "DE89370400440532013001"}, "iban", "compare it with your bank card"),
        ({"iban": "DE8937040044053201300"}, "iban", "begins with DE has 22 characters, this one has 21"),
        ({"iban": "CH4431999123000889012"}, "iban", "This is a QR-IBAN"),
        ({"iban": "TR330006100519786457841326"}, "iban", "SEPA area"),
        ({"iban": ""}, "iban", "fill this in"),
        ({"holder": "123"}, "holder", "holder's name"),
        ({"password": "wrong"}, "password", "not your current password"),
        ({"password": ""}, "password", "fill this in"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_is_changed(
    friend_client: Client, changed: dict[str, str], field: str, words: str
) -> None:
    answer = friend_client.post(ACCOUNT, said(**changed))

    assert answer.status_code == 422
    assert_valid_html(answer)
    html = answer.content.decode().replace("&#x27;", "'")
    assert re.search(rf'id="id_{field}_error[^>]*>.*?{re.escape(words)}', html, re.S), html
    assert PASSWORD not in html
    assert not BankAccount.objects.exists()


def test_another_account_replaces_the_first_which_is_kept_as_it_was(friend_client: Client, four_near: Cast) -> None:
    friend_client.post(ACCOUNT, said())
    friend_client.post(ACCOUNT, said(iban=SWISS))

    former, current = BankAccount.objects.order_by("id")
    assert (former.iban, former.ended_at is None) == (GERMAN, False)
    assert (current.iban, current.ended_at) == (SWISS, None)
    with pytest.raises(IntegrityError, match="payouts_one_account"), transaction.atomic():
        BankAccount.objects.create(friend_id=current.friend_id, holder="Eve", iban=POLISH, entered_at=now())
    with pytest.raises(IntegrityError, match="payouts_iban"), transaction.atomic():
        BankAccount.objects.create(friend_id=nobody(), holder="Eve", iban="DE89 3704", entered_at=now())


def nobody() -> object:
    return Friend().pk


def test_strangers_are_sent_to_the_sign_in_and_nobody_sees_anothers_payout(
    friend_client: Client, four_near: Cast
) -> None:
    stranger = Client(headers={"host": "app.localhost"})
    for path in (PAYOUTS, ACCOUNT):
        assert stranger.get(path).status_code == 302
    cem = four_near["Cem"].pk
    earn(cem)
    BankAccount.objects.create(friend_id=cem, holder="Cem", iban=GERMAN, entered_at=now())
    [payout] = weekly()

    assert friend_client.get(f"{PAYOUTS}{payout.pk}/").status_code == 404
    assert friend_client.get(f"{PAYOUTS}{payout.pk}/csv/").status_code == 404
