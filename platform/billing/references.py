"""By which a payment names a bill: 27 digits for a QR-IBAN, else ISO 11649. Each says partner, series and place."""

import re
from dataclasses import dataclass

from stdnum import iso11649
from stdnum.ch import esr
from stdnum.iso7064 import mod_97_10

from kernel.typed.ibans import is_qr_iban

QRR_DIGITS = 26
KEY = re.compile(r"^(?P<tenant>\d{5})(?P<series>\d{5})(?P<place>\d{7})$")
# In what people type, a reference may stand among words and in groups.
IN_WORDS = re.compile(r"\b(?:RF\s?\d{2}(?:\s?\d){17}|\d{2}(?:\s?\d){25})\b")


@dataclass(frozen=True)
class BillKey:
    """Which bill a reference means."""

    tenant_id: int
    series_id: int
    place: int


def reference_of(iban: str, tenant_id: int, series_id: int, place: int) -> str:
    """Return the reference of a bill, unique on the platform."""
    digits = f"{tenant_id:05}{series_id:05}{place:07}"
    if iban and is_qr_iban(iban):
        digits = digits.zfill(QRR_DIGITS)
        return digits + esr.calc_check_digit(digits)
    check = mod_97_10.calc_check_digits(f"{digits}RF")
    return f"RF{check}{digits}"


def read_reference(reference: str, words: str = "") -> BillKey | None:
    """Return which bill a reference means, or else one among words; None where there is none with right digits."""
    for found in (reference, *IN_WORDS.findall(words.upper())):
        bare = re.sub(r"\s", "", found).upper()
        if iso11649.is_valid(bare):
            digits = bare[4:]
        elif len(bare) == QRR_DIGITS + 1 and bare.isdecimal() and esr.calc_check_digit(bare[:-1]) == bare[-1]:
            digits = bare[:QRR_DIGITS].lstrip("0").zfill(17)
        else:
            continue
        if key := KEY.match(digits):
            return BillKey(int(key["tenant"]), int(key["series"]), int(key["place"]))
    return None
