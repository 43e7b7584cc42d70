"""Telephone numbers as people type them, and as machines keep them."""

import phonenumbers
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class NotAPhoneNumber(DomainError):
    """The number cannot exist."""

    message = _("Please enter a phone number that we can call, with the area code.")
    code, status = "not_a_phone_number", 422


def clean_phone(raw: str, country: str) -> str:
    """Return the number in E.164 (+41791234567); without a prefix it is read as one of the country.

    Raises NotAPhoneNumber.
    """
    try:
        number = phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException as error:
        raise NotAPhoneNumber from error
    if not phonenumbers.is_valid_number(number):
        raise NotAPhoneNumber
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show_phone(number: str) -> str:
    """Write an E.164 number with spaces; anything else stays as it is."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number
