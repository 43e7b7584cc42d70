"""Tax numbers of people and companies: form and check digits by country (python-stdnum). Pure.

Germany's is the Identifikationsnummer, Austria's the tax number, Poland's the PESEL, or the NIP of a business. Nobody
keeps the check digits of the numbers of people in Cyprus, Hungary, Luxembourg, Latvia and Malta for us: there it is
letters and digits of a sensible length.
"""

import re
from types import ModuleType

from django.utils.translation import pgettext
from stdnum.at import tin as at_tin
from stdnum.be import nn as be_nn
from stdnum.be import ssn as be_ssn
from stdnum.bg import egn as bg_egn
from stdnum.ch import ssn as ch_ssn
from stdnum.cz import rc as cz_rc
from stdnum.de import idnr as de_idnr
from stdnum.de import stnr as de_stnr
from stdnum.de import vat as de_vat
from stdnum.dk import cpr as dk_cpr
from stdnum.ee import ik as ee_ik
from stdnum.es import nif as es_nif
from stdnum.exceptions import ValidationError
from stdnum.fi import hetu as fi_hetu
from stdnum.fr import nif as fr_nif
from stdnum.gr import vat as gr_vat
from stdnum.hr import oib as hr_oib
from stdnum.ie import pps as ie_pps
from stdnum.it import codicefiscale as it_cf
from stdnum.lt import asmens as lt_asmens
from stdnum.nl import bsn as nl_bsn
from stdnum.pl import nip as pl_nip
from stdnum.pl import pesel as pl_pesel
from stdnum.pt import nif as pt_nif
from stdnum.ro import cnp as ro_cnp
from stdnum.se import personnummer as se_pn
from stdnum.si import ddv as si_ddv
from stdnum.sk import rc as sk_rc

from tax.errors import NotATin

_KINDS: dict[str, tuple[ModuleType, ...]] = {
    "AT": (at_tin,), "BE": (be_nn, be_ssn), "BG": (bg_egn,), "CH": (ch_ssn,), "CZ": (cz_rc,), "DE": (de_idnr,),
    "DK": (dk_cpr,), "EE": (ee_ik,), "ES": (es_nif,), "FI": (fi_hetu,), "FR": (fr_nif,), "GR": (gr_vat,),
    "HR": (hr_oib,), "IE": (ie_pps,), "IT": (it_cf,), "LT": (lt_asmens,), "NL": (nl_bsn,), "PL": (pl_pesel, pl_nip),
    "PT": (pt_nif,), "RO": (ro_cnp,), "SE": (se_pn,), "SI": (si_ddv,), "SK": (sk_rc,),
}  # fmt: skip
# Germany's companies have a Steuernummer, or a Wirtschafts-Identifikationsnummer: DE136695976-00001.
_OF_COMPANIES: dict[str, tuple[ModuleType, ...]] = {"AT": (at_tin,), "DE": (de_stnr,), "PL": (pl_nip,)}
_GERMAN_COMPANY = re.compile(r"DE(?P<digits>\d{9})(?:-?\d{5})?")
_ANY = re.compile(r"[A-Z0-9]{5,20}")
EXAMPLES = {"AT": "59-119/9013", "DE": "36 574 261 809", "PL": "44051401359", "CH": "756.9217.0769.85"}


def clean_tin(text: str, country: str) -> str:
    """Return a number without blanks and signs, as its country's tax office has given it.

    Raises NotATin.
    """
    kinds = _KINDS.get(country)
    if kinds is None:
        compact = re.sub(r"[\s./-]", "", text).upper()
        if _ANY.fullmatch(compact):
            return compact
        raise NotATin(_words(country))
    for kind in kinds:
        try:
            return str(kind.validate(text))
        except ValidationError:
            continue
    raise NotATin(_words(country))


def clean_company_tin(text: str, country: str) -> str:
    """Return a company's number without blanks, as its country's tax office has given it.

    Raises NotATin.
    """
    compact = re.sub(r"[\s./]", "", text).upper()
    kinds = _OF_COMPANIES.get(country)
    if kinds is None and _ANY.fullmatch(compact.replace("-", "")):
        return compact.replace("-", "")
    if country == "DE" and (found := _GERMAN_COMPANY.fullmatch(compact)) and de_vat.is_valid(found["digits"]):
        return compact
    for kind in kinds or ():
        try:
            return str(kind.validate(text))
        except ValidationError:
            continue
    raise NotATin(
        pgettext("friend", "This is not a company's tax number of this country. Please compare it digit by digit.")
    )


def masked(tin: str) -> str:
    """Return enough of a number to know it again: ``… 1809``."""
    return f"… {tin[-4:]}" if tin else ""


def _words(country: str) -> str:
    if example := EXAMPLES.get(country):
        words = pgettext("friend", "This is not a tax number of this country. It looks like %(example)s.")
        return words % {"example": example}
    return pgettext("friend", "This is not a tax number of this country. Please compare it digit by digit.")
