"""Accounts that can be paid to: form, check digits, and what a bank file reaches."""

from django.utils.translation import pgettext
from schwifty import IBAN
from schwifty.exceptions import InvalidCountryCode, InvalidLength, SchwiftyException

from kernel.typed.ibans import SWISS_ACCOUNTS, is_qr_iban
from payouts.errors import IbanForBills, IbanHasAnotherLength, IbanOutOfReach, NotAnIban

# Where an account must be for a domestic payment; euros go wherever SEPA reaches.
DOMESTIC = {"CHF": SWISS_ACCOUNTS, "PLN": frozenset({"PL"})}


def clean_iban(text: str) -> str:
    """Return an IBAN without blanks that can be paid to.

    Raises NotAnIban, IbanHasAnotherLength, IbanOutOfReach or IbanForBills.
    """
    said = IBAN(text, allow_invalid=True)
    try:
        said.validate()
    except InvalidLength as error:
        raise IbanHasAnotherLength(_length_words(said)) from error
    except InvalidCountryCode as error:
        raise IbanOutOfReach from error
    except SchwiftyException as error:
        raise NotAnIban from error
    if not said.in_sepa_zone:
        raise IbanOutOfReach
    if is_qr_iban(str(said)):
        raise IbanForBills
    return str(said)


def takes(iban: str, currency: str) -> bool:
    """Say whether a payment in the currency reaches the account."""
    return currency not in DOMESTIC or iban[:2] in DOMESTIC[currency]


def masked(iban: str) -> str:
    """Return enough of an IBAN to know it again: ``DE… 3000``."""
    return f"{iban[:2]}… {iban[-4:]}"


def _length_words(said: IBAN) -> str:
    words = pgettext("friend", "An IBAN that begins with %(country)s has %(right)d characters, this one has %(said)d.")
    return words % {"country": said.country_code, "right": said.spec.iban_length, "said": len(said)}
