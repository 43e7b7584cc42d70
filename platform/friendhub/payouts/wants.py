"""What Stripe still has to be told about somebody, in their words. Its names are many and change; most begin alike."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

# By how Stripe's name begins; the first that fits tells it.
WORDS: tuple[tuple[str, Promise], ...] = (
    ("external_account", pgettext_lazy("friend", "the bank account to which Stripe sends your money")),
    ("tos_acceptance", pgettext_lazy("friend", "your agreement to Stripe's terms")),
    ("individual.verification.additional_document", pgettext_lazy("friend", "a document with your address")),
    ("individual.verification", pgettext_lazy("friend", "a photo of your ID card or passport")),
    ("individual.id_number", pgettext_lazy("friend", "your tax or personal number")),
    ("individual.dob", pgettext_lazy("friend", "your date of birth")),
    ("individual.address", pgettext_lazy("friend", "your address")),
    ("individual.phone", pgettext_lazy("friend", "your phone number")),
    ("individual.email", pgettext_lazy("friend", "your email address")),
    ("individual", pgettext_lazy("friend", "your name and personal details")),
    ("business_profile", pgettext_lazy("friend", "what kind of work you do")),
    ("business_type", pgettext_lazy("friend", "whether you work as a private person or a company")),
)
OTHER = pgettext_lazy("friend", "some more details, which Stripe's page names")


def wants_in_words(wants: Iterable[str]) -> list[str]:
    """Return what is wanted, each thing once; what nobody knows here is said last."""
    said = [next((words for start, words in WORDS if name.startswith(start)), OTHER) for name in wants]
    known = list(dict.fromkeys(str(one) for one in said if one is not OTHER))
    return [*known, *([str(OTHER)] if OTHER in said else [])]
