"""Money as integer minor units with a currency, never floats; and the one way in which a price is split."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError
from babel.numbers import format_currency

BASIS_POINTS = 10_000
# The smallest step of prices, in minor units, where it is not one: Switzerland has no coin below five Rappen.
STEPS = {"CHF": 5}


@dataclass(frozen=True)
class Money:
    """An amount in minor units (cents, Rappen, groszy) of an ISO 4217 currency."""

    minor: int
    currency: str


class Payee(StrEnum):
    """Whom a part of a price goes to."""

    FRIEND = "friend"
    DIAGNOSIS = "diagnosis"
    PARTNER = "partner"
    PLATFORM = "platform"


@dataclass(frozen=True, kw_only=True)
class Split:
    """Who gets what of the price that a customer pays: nothing else in the house divides a price (R12, R21).

    Amounts are whole minor units of ``currency``, rates are basis points, and 10,000 of them are the whole. What was
    agreed goes in: ``price_minor``, gross and final; the rates; and ``diagnosis_minor``, what of the price the friend
    gets who found on site that a pro is needed (R10). All else follows from it, so that nothing is lost or made::

        price = work + diagnosis    work = commission + friend    commission = partner + platform

    Where a share is no whole number, the rule says who has the rest of it, which is less than one minor unit:

    - The commission is a share of the work alone, rounded half up; whoever does the work gets what is left of it.
    - Where a contract on overflow shares the commission, the partner's part is rounded down; the platform has the rest
      (R17). Without a contract ``partner_share_bp`` is 0.
    - VAT is contained in the whole price, and by the same rate in the commission, rounded half up both times. It takes
      nothing from the parts. A job knows no rate, for VAT is the order's, so that of its split is 0.

    Raises ValueError for a rate, a price or a diagnosis that cannot be.
    """

    currency: str
    price_minor: int
    commission_bp: int
    vat_bp: int = 0
    diagnosis_minor: int = 0
    partner_share_bp: int = 0

    def __post_init__(self) -> None:
        is_possible = (
            0 <= self.diagnosis_minor <= self.price_minor
            and 0 <= self.commission_bp <= BASIS_POINTS
            and 0 <= self.partner_share_bp <= BASIS_POINTS
            and self.vat_bp >= 0
        )
        if not is_possible:
            raise ValueError(f"No price can be split like this: {self}")

    @property
    def vat_minor(self) -> int:
        """The VAT contained in the price."""
        return _contained(self.price_minor, self.vat_bp)

    @property
    def work_minor(self) -> int:
        """The price of the job: what is left after the diagnosis, and all of it where there was none."""
        return self.price_minor - self.diagnosis_minor

    @property
    def commission_minor(self) -> int:
        """What platform and partner keep."""
        return _share(self.work_minor, self.commission_bp)

    @property
    def commission_vat_minor(self) -> int:
        """The VAT contained in the commission."""
        return _contained(self.commission_minor, self.vat_bp)

    @property
    def commission_net_minor(self) -> int:
        """The commission without its VAT."""
        return self.commission_minor - self.commission_vat_minor

    @property
    def friend_minor(self) -> int:
        """What the friend gets who does the work; where it is a pro, what the pro gets."""
        return self.work_minor - self.commission_minor

    @property
    def friends_minor(self) -> int:
        """What those on site get together: for the work and, before it, for the diagnosis."""
        return self.friend_minor + self.diagnosis_minor

    @property
    def partner_minor(self) -> int:
        """The part of the commission of the partner whose job crosses into another community."""
        return self.commission_minor * self.partner_share_bp // BASIS_POINTS

    @property
    def platform_minor(self) -> int:
        """The part of the commission that stays with the platform."""
        return self.commission_minor - self.partner_minor

    @property
    def parts(self) -> dict[Payee, int]:
        """The price by whom it goes to; it adds up to the minor unit."""
        return {
            Payee.FRIEND: self.friend_minor,
            Payee.DIAGNOSIS: self.diagnosis_minor,
            Payee.PARTNER: self.partner_minor,
            Payee.PLATFORM: self.platform_minor,
        }

    def friends_share(self, basis_points: int) -> int:
        """Return a share of what the friend would have got, rounded half up: owed where the work is not done.

        At most all of it, whatever the rate says.
        """
        return _share(self.friend_minor, min(basis_points, BASIS_POINTS))

    def for_cancelling(self, basis_points: int) -> "Split":
        """Return the split of the fee for cancelling: a share of the price, rounded half up to the currency's step.

        The commission is the same share of it as of the price. A diagnosis before is not part of it.
        """
        fee = min(to_step(_share(self.price_minor, basis_points), self.currency), self.price_minor)
        return replace(self, price_minor=fee, diagnosis_minor=0)

    @staticmethod
    def share_of_minutes(minutes: int, *, of: int) -> int:
        """Return which share, in basis points, so many minutes are of work that would have taken ``of``, or longer."""
        return min(minutes * BASIS_POINTS // of, BASIS_POINTS)

    def less_voucher(self, *, amount_minor: int = 0, basis_points: int = 0) -> int:
        """Return what a voucher takes off the price: an amount, or a share rounded half up to the currency's step.

        Never more than the price. It changes who pays, and nothing of who gets what.
        """
        return min(amount_minor or to_step(_share(self.price_minor, basis_points), self.currency), self.price_minor)

    def with_pro(self, *, surcharge_bp: int, diagnosis_bp: int) -> "Split":
        """Return what the customer would pay, and of it for the diagnosis, if a pro took this job over (R10).

        The price rises by the surcharge, is rounded half up to the currency's step, and is never lower than before. The
        diagnosis is a share of what the friend would have got. The commission becomes that of pros with the answer.
        """
        raised = to_step(self.price_minor + _share(self.price_minor, surcharge_bp), self.currency)
        return replace(
            self, price_minor=max(raised, self.price_minor), diagnosis_minor=self.friends_share(diagnosis_bp)
        )

    def diagnosis_alone(self) -> "Split":
        """Return the split where the customer wants no pro: the diagnosis is all that is paid, without commission."""
        return replace(self, price_minor=self.diagnosis_minor, commission_bp=0)

    def after_diagnosis(self, minor: int) -> "Split":
        """Return the split of the whole order of which this is the job, after a diagnosis for so many minor units."""
        return replace(self, price_minor=self.work_minor + minor, diagnosis_minor=minor)

    def within(self, price_minor: int) -> "Split":
        """Return the same for an order that costs so much: what it costs beyond this job is the diagnosis before it."""
        return self.after_diagnosis(price_minor - self.work_minor)


def _share(minor: int, basis_points: int) -> int:
    """Return the share of an amount, rounded half up."""
    return (minor * basis_points + BASIS_POINTS // 2) // BASIS_POINTS


def _contained(gross_minor: int, basis_points: int) -> int:
    """Return what a rate has added to get to an amount, rounded half up."""
    whole = BASIS_POINTS + basis_points
    return (gross_minor * basis_points + whole // 2) // whole


def to_step(minor: int, currency: str) -> int:
    """Return an amount rounded half up to the currency's usual step, in which prices are set and cash is paid."""
    step = STEPS.get(currency, 1)
    return (minor + step // 2) // step * step


@lru_cache(maxsize=4096)
def format_money(minor: int, currency: str, *, language: str, country: str = "") -> str:
    """Write an amount as people of that language and country do, for example ``CHF 89.00`` or ``89,00 €``."""
    written = format_currency(Decimal(minor) / 100, currency, locale=_locale(language, country))
    # English puts the currency first: a sign stands close, a code does not.
    return re.sub(r"(?<=[A-Z])(?=\d)", "\N{NO-BREAK SPACE}", written)


def _locale(language: str, country: str) -> Locale:
    """Return the locale of language and country, or of the language alone where the pair is unknown (pl_CH).

    English stays English in every country but Switzerland, and all of that writes ``CHF 89.00``.
    """
    if language == "en" and country != "CH":
        return Locale.parse("en")
    if (language, country) == ("fr", "CH"):
        return Locale.parse("it_CH")
    try:
        return Locale.parse(f"{language}_{country}") if country else Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)
