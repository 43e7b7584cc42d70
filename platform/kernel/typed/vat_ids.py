"""VAT ids of companies: form and check digit by country (python-stdnum). Pure."""

from stdnum.at import uid as at_uid
from stdnum.ch import uid as ch_uid
from stdnum.ch import vat as ch_vat
from stdnum.de import vat as de_vat
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.pl import nip as pl_nip

# Greece writes its VAT ids with another code than its own.
VAT_PREFIXES = {"GR": "EL"}
# Those that begin with letters, and whose they are.
LETTERS = {prefix: country for country, prefix in VAT_PREFIXES.items()} | {
    code.upper(): code.upper() for code in eu_vat.MEMBER_STATES | {"ch"}
}


def clean_vat_id(raw: str, country: str) -> str:
    """Return the VAT id without blanks and with its country: ``CHE123456788``, ``DE136695976``, ``ATU13585627``.

    Raises ValueError where form or check digit are wrong.
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
        raise ValueError(raw) from error


def home_of_vat_id(vat_id: str) -> str:
    """Return the country of whose letters a VAT id begins; nothing where it begins with none."""
    return LETTERS.get(vat_id[:2].upper(), "")


def _swiss(raw: str) -> str:
    """Return the company's number, with or without MWST, TVA, IVA or TPV behind it."""
    if ch_vat.is_valid(raw):
        return str(ch_vat.validate(raw))[:12]
    return str(ch_uid.validate(raw))


def _european(raw: str, country: str) -> str:
    prefix = VAT_PREFIXES.get(country, country)
    compact = raw.replace(" ", "").replace("-", "").replace(".", "").upper()
    return str(eu_vat.validate(compact if compact.startswith(prefix) else prefix + compact))
