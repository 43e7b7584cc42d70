"""What a bank's file says, and what is refused of it: whole or not at all."""

from datetime import date

import pytest

from bank.errors import BrokenFile, IncompleteStatement, NotAStatement
from bank.files import read_statements
from billing.references import BillKey, read_reference, reference_of
from tests.billing.sellers import IBANS, QR_IBAN
from tests.money.statements import In, batch, camt

ADA = In(4_900, reference="RF18539007547034", words="Wi-Fi & Co.", bank_reference="X-1")


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_payment_is_read_from_old_and_new_versions(version: str) -> None:
    (stated,) = read_statements(camt(ADA, paid_out=1_000, version=version))

    (payment,) = stated.payments
    assert stated.iban == IBANS["DE"]
    assert (payment.amount_minor, payment.currency, payment.booked_on) == (4_900, "EUR", date(2026, 11, 24))
    assert (payment.payer, payment.reference, payment.words) == ("Ada Lovelace", ADA.reference, "Wi-Fi & Co.")


def test_a_payment_has_the_same_key_in_every_file_and_twins_have_two() -> None:
    twin = In(1_000, words="Rent")
    first = [one.key for one in read_statements(camt(ADA, twin, twin))[0].payments]
    again = [one.key for one in read_statements(camt(twin, ADA, twin))[0].payments]

    assert len(set(first)) == 3
    assert set(again) == set(first)


def test_payments_that_the_bank_has_put_together_are_taken_apart() -> None:
    (stated,) = read_statements(batch(In(4_900, reference="RF1"), In(2_100, reference="RF2")))

    assert [(one.amount_minor, one.reference) for one in stated.payments] == [(4_900, "RF1"), (2_100, "RF2")]
    assert len({one.key for one in stated.payments}) == 2


WHOLE = camt(ADA)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (WHOLE[: len(WHOLE) // 2], BrokenFile),
        (camt(In(4_900, words="Müller")).decode().encode("latin-1"), BrokenFile),
        (b"", NotAStatement),
        (b":20:STARTUMSE\r\n:25:10020030/1234567\r\n:60F:C261123EUR1000,00\r\n", BrokenFile),
        (b"%PDF-1.7", NotAStatement),
        (b"<Document><BkToCstmrAcctRpt/></Document>", NotAStatement),
        (WHOLE.replace(b"<IBAN>DE89370400440532013000</IBAN>", b""), NotAStatement),
        (WHOLE.replace(b">49.00<", b">49.001<"), NotAStatement),
        (WHOLE.replace(b">49.00<", b">NaN<"), NotAStatement),
        (WHOLE.replace(b"<Dt>2026-11-24</Dt></BookgDt>", b"<Dt>soon</Dt></BookgDt>"), NotAStatement),
        (WHOLE.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "a">]>', 1), NotAStatement),
        (camt(ADA, closing=100_000), IncompleteStatement),
    ],
    ids=["cut off", "wrong encoding", "empty", "MT940 cut off", "PDF", "camt.052", "no account",
         "third decimal", "no number", "no day", "entities", "an entry is missing"],
)  # fmt: skip
def test_what_is_no_whole_statement_is_refused(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_statements(content)


@pytest.mark.parametrize("iban", [QR_IBAN, IBANS["CH"], IBANS["DE"]])
def test_a_reference_is_read_back_from_its_field_and_from_among_words(iban: str) -> None:
    reference = reference_of(iban, 7, 3, 17)
    grouped = " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))

    assert read_reference(reference) == BillKey(7, 3, 17)
    assert read_reference("", f"Invoice {grouped.lower()}, thank you") == BillKey(7, 3, 17)
    assert read_reference("", "Rent for November") is None
    assert read_reference(reference[:-1] + str((int(reference[-1]) + 1) % 10)) is None
