"""Writing money, distances, phones and texts of several languages as people do; icons out of the sprite."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.hiding.masking import show_hidden
from kernel.money import BASIS_POINTS, format_money
from kernel.slots import Part
from kernel.travel import write_distance, write_travel
from kernel.typed.phones import show_phone
from kernel.wording.dates import Place, write_day, write_moment, write_span
from kernel.wording.percentages import write_percent
from kernel.wording.texts import labelled, language_of, pick

register = template.Library()

METRES_A_KM = 1000
MS_A_SECOND, MS_A_MINUTE = 1000, 60_000


@register.simple_tag
def money(minor: int, currency: str, country: str = "") -> str:
    """Write an amount of minor units in the language of the moment."""
    return format_money(minor, currency, language=get_language() or "en", country=country)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of the sprite; it says nothing to a screen reader."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        css,
        static("quartett/icons.svg"),
        name,
    )


@register.filter
def words(texts: Mapping[str, str] | str) -> str:
    """Return the text in the language of the moment, or one marked as being in another; a plain string stays."""
    mark = "" if isinstance(texts, str) else lang_mark(texts)
    return format_html("<span{}>{}</span>", mark, plain_words(texts)) if mark else plain_words(texts)


@register.filter
def lang_mark(texts: Mapping[str, str]) -> str:
    """Return the ``lang`` attribute of an element whose text is in another language than the page, else nothing."""
    written, read = language_of(texts, get_language() or "en"), get_language() or "en"
    return "" if written == read else format_html(' lang="{}"', written)


@register.filter
def plain_words(texts: Mapping[str, str] | str) -> str:
    """Return what ``words`` does without a mark, for titles and attributes, which hold no markup."""
    return texts if isinstance(texts, str) else pick(texts, get_language() or "en")


@register.filter
def labels(label: str, value: str) -> str:
    """Write a value behind its label: "Postal code: We do not know it." """
    return labelled(str(label), str(value))


@register.filter
def percent(basis_points: int) -> str:
    """Write basis points as a percentage: 810 becomes 8.1 %."""
    value = basis_points * 100 / BASIS_POINTS
    return write_percent(value, 0 if value == int(value) else 1)


@register.filter
def distance(metres: int) -> str:
    """Write a distance in kilometres with one decimal; people's homes are not told more exactly."""
    return write_distance(metres)


@register.filter
def travel(metres: int, mode: str) -> str:
    """Write how long the way of so many metres takes somebody who goes so, by estimate."""
    return write_travel(metres, mode)


@register.filter
def radius(metres: int) -> str:
    """Write a travel radius, which people choose in whole kilometres."""
    return _("%(km)s km") % {"km": number_format(metres / METRES_A_KM, 0)}


@register.filter
def milliseconds(value: int) -> str:
    """Write a duration in the unit that fits: 40 ms, 1.2 s, 15 min."""
    if value < MS_A_SECOND:
        return f"{value}\N{NO-BREAK SPACE}ms"
    if value < 2 * MS_A_MINUTE:
        return f"{number_format(value / MS_A_SECOND, 1)}\N{NO-BREAK SPACE}s"
    return f"{number_format(value / MS_A_MINUTE, 0)}\N{NO-BREAK SPACE}min"


@register.filter
def as_windows(windows: Iterable[tuple[str, int]]) -> list[tuple[date, int]]:
    """Return wished times, kept as ``["2026-11-30", 2]``, as days and parts."""
    return [(date.fromisoformat(day), part) for day, part in windows]


@register.filter
def moment(at: datetime | None, place: str = Place.ALONE) -> str:
    """Write a moment with weekday and year, as it stands at that place in a sentence."""
    return write_moment(at, place=place)


@register.filter
def short_moment(at: datetime | None, place: str = Place.ALONE) -> str:
    """Write a moment with the weekday, shortened, as it stands at that place in a sentence."""
    return write_moment(at, "short_moment", place)


@register.filter
def day(value: date | None, place: str = Place.ALONE) -> str:
    """Write a day with its weekday, as it stands at that place in a sentence."""
    return write_day(value, place=place)


@register.filter
def short_day(value: date | None) -> str:
    """Write a day with its weekday, shortened."""
    return write_day(value, "short_day")


@register.filter
def calendar_day(value: date | None, place: str = Place.ALONE) -> str:
    """Write a day with its year and without its weekday, as it stands at that place in a sentence."""
    return write_day(value, "calendar_day", place)


@register.filter
def span_since(at: datetime) -> str:
    """Write how long ago a moment is, as it follows "for": "Open for {{ span }}"."""
    return write_span(at, timezone.now())


@register.filter
def span_until(at: datetime) -> str:
    """Write how far ahead a moment is, as it follows "within": "Answer within {{ span }}"."""
    return write_span(timezone.now(), at)


@register.filter
def phone(number: str) -> str:
    """Write a phone number with spaces."""
    return show_phone(number)


@register.filter
def masked(text: str) -> str:
    """Write a masked text with words in place of what is hidden."""
    return show_hidden(text)


@register.filter
def part_name(part: int) -> str:
    """Name a part of the day with its hours."""
    return str(Part(part).label)
