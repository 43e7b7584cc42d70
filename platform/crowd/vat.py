"""VAT ids: form and check digit by themselves, existence by asking a register where one is configured (R10).

The setting ``VAT_CHECK`` names the function that is asked, by its dotted path: ``(country, vat_id) -> VatAnswer``.
"""

import json
import urllib.error
import urllib.request
from enum import Enum

from django.conf import settings
from django.utils.module_loading import import_string
from stdnum.at import uid as at_uid
from stdnum.ch import uid as ch_uid
from stdnum.ch import vat as ch_vat
from stdnum.de import vat as de_vat
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.pl import nip as pl_nip

from crowd.errors import NotAVatId

TIMEOUT_S = 8
MOST_ANSWER_BYTES = 100_000
# Greece writes its VAT ids with another code than its own.
VAT_PREFIXES = {"GR": "EL"}


class VatAnswer(Enum):
    """What a register says of a VAT id."""

    NOT_ASKED = "not asked"
    VALID = "valid"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"


def clean_vat_id(raw: str, country: str) -> str:
    """Return the VAT id without blanks and with its country: ``CHE123456788``, ``DE136695976``, ``ATU13585627``.

    Raises NotAVatId where form or check digit are wrong.
    """
    try:
        match country:
            case "CH":
                return str(_swiss(raw))
            case "DE":
                return f"DE{de_vat.validate(raw)}"
            case "AT":
                return f"AT{at_uid.validate(raw)}"
            case "PL":
                return f"PL{pl_nip.validate(raw)}"
            case _:
                return _european(raw, country)
    except ValidationError as error:
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
    if country.lower() not in eu_vat.MEMBER_STATES:
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


def _swiss(raw: str) -> str:
    """Return the company's number, with or without MWST, TVA, IVA or TPV behind it."""
    if ch_vat.is_valid(raw):
        return str(ch_vat.validate(raw))[:12]
    return str(ch_uid.validate(raw))


def _european(raw: str, country: str) -> str:
    prefix = VAT_PREFIXES.get(country, country)
    compact = raw.replace(" ", "").replace("-", "").replace(".", "").upper()
    return str(eu_vat.validate(compact if compact.startswith(prefix) else prefix + compact))
