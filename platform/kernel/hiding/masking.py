"""Hiding what tells who somebody is: phones, addresses, links, messenger names, passwords, and what is known of them.

Rather too much is hidden than too little; what people need to talk about devices stays: model numbers, prices, dates,
times, sizes, addresses of a network. Finders (``kernel.hiding``) look at the text in folded forms, and what they find
is hidden at the same place of the original. What no rule finds is said in docs/masking.md, and people can report it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kernel.hiding.addresses import addresses
from kernel.hiding.folding import HIDDEN, Span, closed_up, fold
from kernel.hiding.numbers import phone_numbers
from kernel.hiding.passwords import passwords
from kernel.hiding.persons import Known, Person

__all__ = ["HIDDEN", "WITHHELD", "Masked", "Person", "mask", "show_hidden"]

# What stands in place of a whole text that a person has hidden.
WITHHELD = "\N{WHITE VERTICAL RECTANGLE}"


@dataclass(frozen=True)
class Masked:
    """A text in which each hidden place is one ``HIDDEN``, and whether there is one that was not there before."""

    text: str
    has_hidden: bool = field(default=False)

    @property
    def says_something(self) -> bool:
        """Say whether a letter or digit is left."""
        return any(char.isalnum() for char in self.text)


def mask(text: str, *, people: Iterable[Person] = ()) -> Masked:
    """Hide all contact data, and what is known of the people.

    Takes time in proportion to the text's length. Masking a masked text changes nothing.
    """
    spans = list(_spans(text, tuple(people)))
    if not spans:
        return Masked(text)
    return Masked(_hide(text, spans), has_hidden=True)


def show_hidden(text: str) -> str:
    """Return a masked text as people read it, with words in place of what is hidden."""
    if text == WITHHELD:
        return _("[This text has been hidden]")
    return text.replace(HIDDEN, _("[contact details hidden]"))


def _spans(text: str, people: tuple[Person, ...]) -> Iterator[Span]:
    folded = fold(text)
    closed = closed_up(folded)
    known = Known(people)
    phones = ["".join(char for char in person.phone if char.isdecimal()) for person in people]
    for span in phone_numbers(folded.text, known=phones):
        yield folded.in_original(span)
    for form in (folded, closed) if closed is not folded else (folded,):
        for find in (addresses, passwords, known.places_in):
            for span in find(form, text):
                yield form.in_original(span)


def _hide(text: str, spans: Iterable[Span]) -> str:
    """Put one sign in the place of all spans that touch each other."""
    kept: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        if start > at or not kept:
            kept += [text[at:start], HIDDEN]
        elif start == at and kept[-1] != HIDDEN:
            kept.append(HIDDEN)
        at = end
    return "".join([*kept, text[at:]])
