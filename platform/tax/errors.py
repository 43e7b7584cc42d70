"""What can be wrong with what a friend or an operator says for the tax office."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.errors import DomainError


class NotATin(DomainError):
    """Form or check digits are wrong for the country."""

    code, status = "not_a_tin", 422


class BirthPlaceIsMissing(DomainError):
    """Who has no number is told apart by the place of birth."""

    message = pgettext_lazy(
        "friend",
        "Please enter your tax number or, if your country has not given you one, the town and country of your birth.",
    )
    code, status = "birth_place_is_missing", 422


class CompanyTinIsMissing(DomainError):
    """A company always has a number."""

    message = pgettext_lazy("friend", "Please enter the tax number of your company.")
    code, status = "company_tin_is_missing", 422


class NotABirthDate(DomainError):
    """Nobody is that young, or that old."""

    message = pgettext_lazy("friend", "Please enter your date of birth.")
    code, status = "not_a_birth_date", 422


class AddressIsMissing(DomainError):
    """A part of the address says nothing."""

    message = pgettext_lazy("friend", "Please enter street and number, postal code and town.")
    code, status = "address_is_missing", 422


class NoOperator(DomainError):
    """Nobody has said who reports."""

    message = _("The platform has no tax details of its own yet. Please set QUARTETT_TAX_OPERATOR.")
    code = "no_operator"


class YearIsNotOver(DomainError):
    """A report covers a whole calendar year."""

    message = _("A report can be made once its year is over.")
    code = "year_is_not_over"


class NothingToReport(DomainError):
    """All that there is has been reported as it is."""

    message = _("Nothing has changed since the last report.")
    code = "nothing_to_report"


class MadeMeanwhile(DomainError):
    """Somebody else has made the report at the same moment."""

    message = _("Somebody has just made this report.")
    code = "made_meanwhile"
