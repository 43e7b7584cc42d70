"""The bank file: pain.001 by its schema, the same every time, in each currency (R19)."""

from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sepaxml
import xmlschema
from django.test import override_settings
from time_machine import Coordinates

from journeys.money.payouts.pay_out import confirm_file, refuse_payout, take_file
from kernel.clock import now
from ledger import chart
from payouts.bank_file import SCHEMA, bank_file
from payouts.errors import NothingToOrder, RunIsNotOver
from payouts.models import Download, Payout, Run
from payouts.selectors import files_of
from payouts.services import enter_account, start_run
from tests.ledger.books import BEN, CEM
from tests.payouts.money import GERMAN, POLISH, SWISS, earn, run_now, with_account

NAMES = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


def texts(file: bytes, path: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(file).iterfind(f".//p:{path}", NAMES)]  # noqa: S314  # ours


def assert_valid(file: bytes) -> None:
    schema = Path(sepaxml.__file__).parent / "schemas" / f"{SCHEMA}.xsd"
    xmlschema.XMLSchema(str(schema)).validate(file.decode())


NAMES_IN_FILE = {
    "Ben Müller & Söhne <GmbH>": "Ben Muller Sohne GmbH",
    "Zażółć Gęślą": "Zazolc Gesla",
    "Cem Çelik": "Cem Celik",
}


def payees(payouts: list[Payout]) -> list[str]:
    return [one.account.holder for one in payouts if one.account]


def a_run(currency: str, iban: str) -> Run:
    for place, name in enumerate(("Ben Müller & Söhne <GmbH>", "Zażółć Gęślą", "Cem\u0007 \tÇelik")):
        friend = chart.friend(BEN).id_in(str(place))
        enter_account(friend_id=friend, holder=name, iban=iban, now=now())
        earn(friend, currency=currency)
    return run_now(currency)


@pytest.mark.parametrize(("currency", "iban"), [("EUR", GERMAN), ("CHF", SWISS), ("PLN", POLISH)])
def test_the_file_is_valid_and_orders_each_payout_once(db: None, currency: str, iban: str) -> None:
    run = a_run(currency, iban)

    file = bank_file(run, 1)

    assert_valid(file)
    payouts = list(run.payouts.order_by("id"))
    assert len(payouts) == 3
    assert texts(file, "EndToEndId") == [one.pk.hex for one in payouts]
    assert [Decimal(one) for one in texts(file, "InstdAmt")] == [Decimal("79.20")] * 3
    assert {*texts(file, "CtrlSum")} == {"237.60"}
    assert {*texts(file, "CdtrAcct/p:Id/p:IBAN")} == {iban}
    assert texts(file, "Cdtr/p:Nm") == [NAMES_IN_FILE[payee] for payee in payees(payouts)]
    assert texts(file, "SvcLvl/p:Cd") == (["SEPA"] if currency == "EUR" else [])
    assert len(texts(file, "ChrgBr")) == (1 if currency == "EUR" else 0)


def test_the_same_run_makes_the_same_file_so_that_the_bank_knows_it_again(db: None, clock: Coordinates) -> None:
    run = a_run("EUR", GERMAN)
    first = bank_file(run, 1)

    clock.shift(3_600)

    assert bank_file(run, 1) == first
    assert all(len(one) <= 35 for one in (*texts(first, "MsgId"), *texts(first, "PmtInfId")))


def test_payouts_over_the_limit_go_into_a_second_file(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payouts.services.A_FILE", 2)
    run = a_run("EUR", GERMAN)

    files = [bank_file(run, number) for number in (1, 2)]

    assert [len(texts(file, "EndToEndId")) for file in files] == [2, 1]
    assert len({one for file in files for one in texts(file, "MsgId")}) == 2


def test_nobody_takes_a_file_that_still_grows_or_that_the_bank_has_carried_out(db: None) -> None:
    with_account(BEN)
    earn(BEN)
    run = start_run(currency="EUR", who="Olga", now=now())
    with pytest.raises(RunIsNotOver):
        bank_file(run, 1)
    with pytest.raises(RunIsNotOver):
        confirm_file(run_id=run.pk, file_number=1, who="Olga", now=now())
    Run.objects.filter(pk=run.pk).update(finished_at=now(), after=BEN)
    done = run_now()

    assert_valid(take_file(run_id=done.pk, file_number=1, who="Olga", now=now()))
    assert Download.objects.get().who == "Olga"
    confirm_file(run_id=done.pk, file_number=1, who="Olga", now=now())
    with pytest.raises(NothingToOrder):
        take_file(run_id=done.pk, file_number=1, who="Olga", now=now())
    with pytest.raises(NothingToOrder):
        take_file(run_id=done.pk, file_number=2, who="Olga", now=now())


def test_what_is_refused_before_the_file_was_taken_is_not_in_it_and_what_is_refused_later_stays(db: None) -> None:
    run = a_run("EUR", GERMAN)
    early, late, good = run.payouts.order_by("id")
    refuse_payout(payout_id=early.pk, reason="A mistake", who="Olga", now=now())

    first = take_file(run_id=run.pk, file_number=1, who="Olga", now=now())

    assert texts(first, "EndToEndId") == [late.pk.hex, good.pk.hex]
    refuse_payout(payout_id=late.pk, reason="Account closed", who="Olga", now=now())
    assert take_file(run_id=run.pk, file_number=1, who="Olga", now=now()) == first
    assert [one["payouts"] for one in files_of(run)] == [2]


@override_settings(PAYOUT_SENDER="Nachbarn für Technik AG")
def test_the_platform_is_named_as_the_settings_say(db: None) -> None:
    with_account(CEM)
    earn(CEM)

    file = bank_file(run_now(), 1)

    assert_valid(file)
    assert set(texts(file, "Dbtr/p:Nm")) == {"Nachbarn fur Technik AG"}
    assert texts(file, "DbtrAcct/p:Id/p:IBAN") == [GERMAN]
