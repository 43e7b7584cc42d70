"""A price is split in one place, to the minor unit, by rules that say who has the rest (R10, R12, R17, R21)."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernel.money import STEPS, Payee, Split

HALF, WHOLE = Fraction(1, 2), 10_000
rates = some.integers(min_value=0, max_value=WHOLE)
prices = some.integers(min_value=0, max_value=2_000_000_000)
currencies = some.sampled_from(["CHF", "EUR", "PLN"])


@some.composite
def splits(draw: some.DrawFn) -> Split:
    """Return any price that could be agreed on, with any rates."""
    price = draw(prices)
    return Split(
        currency=draw(currencies),
        price_minor=price,
        commission_bp=draw(rates),
        vat_bp=draw(rates),
        diagnosis_minor=draw(some.integers(min_value=0, max_value=price)),
        partner_share_bp=draw(rates),
    )


@given(splits(), rates)
def test_a_fee_for_cancelling_is_a_share_of_the_price_and_split_like_it(split: Split, share: int) -> None:
    fee, step = split.for_cancelling(share), STEPS.get(split.currency, 1)

    assert 0 <= fee.price_minor <= split.price_minor
    assert abs(fee.price_minor - Fraction(split.price_minor * share, WHOLE)) <= HALF + HALF * step
    assert fee.price_minor == fee.friend_minor + fee.commission_net_minor + fee.commission_vat_minor
    assert (fee.commission_bp, fee.vat_bp, fee.diagnosis_minor) == (split.commission_bp, split.vat_bp, 0)


@given(splits())
def test_the_parts_are_the_whole_and_none_is_negative(split: Split) -> None:
    assert sum(split.parts.values()) == split.price_minor
    assert set(split.parts) == set(Payee)
    assert all(part >= 0 for part in split.parts.values())
    assert 0 <= split.vat_minor <= split.price_minor
    assert split.work_minor == split.commission_minor + split.friend_minor
    assert split.price_minor == split.commission_minor + split.friends_minor
    assert split.commission_minor == split.partner_minor + split.platform_minor


@given(splits())
def test_nobody_gains_more_by_rounding_than_the_rule_says(split: Split) -> None:
    commission = Fraction(split.work_minor * split.commission_bp, WHOLE)
    partner = Fraction(split.commission_minor * split.partner_share_bp, WHOLE)
    vat = Fraction(split.price_minor * split.vat_bp, WHOLE + split.vat_bp)

    assert -HALF < split.commission_minor - commission <= HALF
    assert -HALF <= split.friend_minor - (split.work_minor - commission) < HALF
    assert -1 < split.partner_minor - partner <= 0
    assert 0 <= split.platform_minor - (split.commission_minor - partner) < 1
    assert -HALF < split.vat_minor - vat <= HALF


@given(splits(), some.integers(min_value=0, max_value=5 * WHOLE), rates, rates)
def test_with_a_pro_the_price_never_falls_and_both_friends_are_paid_of_it(
    split: Split, surcharge: int, diagnosis: int, commission: int
) -> None:
    before = replace(split, diagnosis_minor=0)
    prospect = before.with_pro(surcharge_bp=surcharge, diagnosis_bp=diagnosis)
    agreed = replace(prospect, commission_bp=commission)
    # The share is rounded to the minor unit, and then the sum to the step.
    most_off = HALF + Fraction(STEPS.get(before.currency, 1), 2)

    assert agreed.price_minor >= before.price_minor
    raised = before.price_minor + Fraction(before.price_minor * surcharge, WHOLE)
    assert abs(agreed.price_minor - raised) <= most_off or agreed.price_minor == before.price_minor
    assert abs(agreed.diagnosis_minor - Fraction(before.friend_minor * diagnosis, WHOLE)) <= HALF
    assert agreed.diagnosis_minor <= before.friend_minor
    assert sum(agreed.parts.values()) == agreed.price_minor


@given(splits(), some.integers(min_value=0, max_value=3 * WHOLE))
def test_what_is_owed_instead_of_the_work_is_at_most_what_the_work_would_have_brought(split: Split, rate: int) -> None:
    owed = split.friends_share(rate)

    assert 0 <= owed <= split.friend_minor
    assert owed == split.friend_minor or -HALF < owed - Fraction(split.friend_minor * rate, WHOLE) <= HALF


@given(splits())
def test_without_a_pro_the_diagnosis_is_all_that_is_paid(split: Split) -> None:
    alone = split.diagnosis_alone()

    assert alone.price_minor == alone.friends_minor == split.diagnosis_minor
    assert alone.commission_minor == 0


@given(splits())
def test_a_job_knows_the_split_of_its_order(split: Split) -> None:
    job = replace(split, price_minor=split.work_minor, diagnosis_minor=0)

    assert job.after_diagnosis(split.diagnosis_minor) == job.within(split.price_minor) == split


@pytest.mark.parametrize(("gross", "rate", "vat"), [(11_900, 1_900, 1_900), (10_810, 810, 810), (12_300, 2_300, 2_300)])
def test_known_amounts_of_vat(gross: int, rate: int, vat: int) -> None:
    assert Split(currency="EUR", price_minor=gross, commission_bp=0, vat_bp=rate).vat_minor == vat


@pytest.mark.parametrize(
    ("minor", "currency", "surcharge", "after"),
    [
        (10_000, "CHF", 1, 10_000),
        (10_000, "CHF", 2, 10_000),
        (10_000, "CHF", 3, 10_005),
        (10_000, "CHF", 5, 10_005),
        (10_000, "EUR", 1, 10_001),
        # Rounded down it would be cheaper than before.
        (8_901, "CHF", 0, 8_901),
    ],
)
def test_a_price_with_a_pro_is_rounded_to_the_currencys_step(
    minor: int, currency: str, surcharge: int, after: int
) -> None:
    job = Split(currency=currency, price_minor=minor, commission_bp=0)

    assert job.with_pro(surcharge_bp=surcharge, diagnosis_bp=0).price_minor == after


def test_a_job_of_89_francs_from_friend_to_pro_in_an_overflow() -> None:
    """By hand: 50 % more, half of the friend's share for the diagnosis, 12.5 % for pros, half of it the partner's."""
    job = Split(currency="CHF", price_minor=8_905, commission_bp=1_500, vat_bp=810)
    assert (job.commission_minor, job.friend_minor, job.vat_minor) == (1_336, 7_569, 667)

    prospect = job.with_pro(surcharge_bp=5_000, diagnosis_bp=5_000)
    assert (prospect.price_minor, prospect.diagnosis_minor) == (13_360, 3_785)

    agreed = replace(prospect, commission_bp=1_250, partner_share_bp=5_000)
    assert agreed.parts == {
        Payee.FRIEND: 8_378,
        Payee.DIAGNOSIS: 3_785,
        Payee.PARTNER: 598,
        Payee.PLATFORM: 599,
    }


@pytest.mark.parametrize(
    "impossible",
    [
        {"price_minor": -1},
        {"commission_bp": 10_001},
        {"commission_bp": -1},
        {"vat_bp": -1},
        {"partner_share_bp": 10_001},
        {"diagnosis_minor": 101},
        {"diagnosis_minor": -1},
    ],
)
def test_a_price_that_cannot_be_split_is_refused(impossible: dict[str, Any]) -> None:
    possible = Split(currency="EUR", price_minor=100, commission_bp=0)

    with pytest.raises(ValueError, match="No price can be split like this"):
        replace(possible, **impossible)
