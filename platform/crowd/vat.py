"""VAT ids: form and check digit by themselves, existence by asking a register where one is configured (R10).

The setting ``VAT_CHECK`` names the function that is asked, by its dotted path: ``(country, vat_id) -> VatAnswer``.
"""

import json
import urllib.error
import urllib.request
from enum import Enum

from django.conf import settings
from django.utils.module_loading import import_string
from stdnum.eu.vat import MEMBER_STATES

from crowd.errors import NotAVatId
from kernel.typed.vat_ids import VAT_PREFIXES
from kernel.typed.vat_ids import clean_vat_id as clean

TIMEOUT_S = 8
MOST_ANSWER_BYTES = 100_000


class VatAnswer(Enum):
    """What a register says of a VAT id."""

    NOT_ASKED = "not asked"
    VALID = "valid"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"


def clean_vat_id(raw: str, country: str) -> str:
    """Return the VAT id without blanks and with its country, as ``kernel.typed.vat_ids`` does.

    Raises NotAVatId where form or check digit are wrong.
    """
    try:
        return clean(raw, country)
    except ValueError as error:
        raise NotAVatId from error


def ask_register(*, country: str, vat_id: str) -> VatAnswer:
    """Ask the configured register; do it before a transaction begins, for it takes its time."""
    answer = import_string(settings.VAT_CHECK)(country, vat_id)
    assert isinstance(answer, VatAnswer)
    return answer


def not_asked(country: str, vat_id: str) -> VatAnswer:
    """Ask nobody."""
    return VatAnswer.NOT_ASKED


def ask_vies(country: str, vat_id: str) -> VatAnswer:
    """Ask the European Union's register VIES; Switzerland is not in it.

    Whatever keeps it from answering (it is down at times, country by country) is UNREACHABLE and no verdict.
    """
    if country.lower() not in MEMBER_STATES:
        return VatAnswer.NOT_ASKED
    prefix = VAT_PREFIXES.get(country, country)
    asked = {"countryCode": prefix, "vatNumber": vat_id.removeprefix(prefix)}
    request = urllib.request.Request(  # noqa: S310  # the address is a setting of ours
        settings.VIES_URL,
        data=json.dumps(asked).encode(),
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310  # as above
            said = json.loads(response.read(MOST_ANSWER_BYTES))
    except (urllib.error.URLError, OSError, ValueError):
        return VatAnswer.UNREACHABLE
    if not isinstance(said, dict) or not isinstance(said.get("valid"), bool):
        return VatAnswer.UNREACHABLE
    return VatAnswer.VALID if said["valid"] else VatAnswer.UNKNOWN
