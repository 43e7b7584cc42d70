"""A manager brings a table of orders, for a partner without developers: each row is an order as the API takes it.

A rehearsal does the same, row by row, and takes it back. A row is known by its reference, so the same table may be
brought again: what has been placed is not placed once more. Run inside the tenant.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from catalog.errors import NoPriceInCountry, PackageClosed
from catalog.kinds import QuestionKind
from catalog.models import Package
from catalog.selectors import open_packages, option_texts
from journeys.order.booking.book_package import CountryNotServed, NotCovered
from journeys.order.booking.feed_order import Wish, feed_order, wanted_package
from kernel.errors import DomainError, FieldsNotRight
from kernel.wording.texts import MAIN
from orders.errors import ReferenceTaken, UnableToPlaceOrder
from orders.intake import MOST_WINDOWS, write_window
from orders.models import Order
from orders.selectors import order_by_uuid
from places.countries import COUNTRIES
from places.errors import UnknownPostalCode
from tenants.context import current_tenant

# So many bookings fit into one request.
MOST_ROWS = 100
ANSWER = "answer:"
TIMES = tuple(f"time_{place}" for place in range(1, MOST_WINDOWS + 1))
CONTACT = ("name", "email", "phone", "street", "note", "company", "vat_id", "leitweg_id")
NEEDED = ("reference", "country", "postal_code", "name", "email", "phone", "street", TIMES[0])
COLUMNS = (
    *("reference", "package", "product_number", "country", "postal_code"),
    *CONTACT,
    *("language", "payment_method", "voucher", "early_start"),
    *TIMES,
)
PARTS = ("morning", "afternoon", "evening")
YES = {"1", "true", "x", "yes", "ja", "oui", "sì", "si", "tak"}
LONGEST_REFERENCE = 64
# In which column stands what a rule refuses: by the field of a draft's step, or by the rule.
STEPS = {"times": TIMES[0], "payment": "payment_method", "voucher": "voucher", "early_start": "early_start"}
RULES: dict[type[DomainError], str] = {
    UnknownPostalCode: "postal_code",
    NotCovered: "postal_code",
    CountryNotServed: "country",
    NoPriceInCountry: "country",
    PackageClosed: "package",
}


class ColumnsNotRight(DomainError):
    """The first line of a table does not name the columns that orders need."""

    code, status = "columns_not_right", 422


class NotARow(DomainError):
    """What a row holds is none of what its columns are for; ``fields`` says what, by column."""

    code, status = "not_a_row", 422

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__()
        self.fields = fields


@dataclass(frozen=True)
class Fault:
    """What is wrong in a cell, by its name in a spreadsheet, or in a row as a whole."""

    cell: str
    column: str
    message: str


@dataclass(frozen=True)
class Row:
    """What came of a row: an order, one that was placed before, or faults. ``order`` is None in a rehearsal."""

    line: int
    reference: str
    order: Order | None = None
    was_placed: bool = False
    faults: tuple[Fault, ...] = field(default=())


def import_orders(
    *, table: Sequence[Sequence[str]], is_rehearsal: bool, booked_by: UUID | None, now: datetime
) -> list[Row]:
    """Place an order for each row of a table, or only say what would come of it.

    Raises ColumnsNotRight.
    """
    names = _columns(table[0])
    seen: dict[str, int] = {}
    return [
        _row(
            line,
            dict.fromkeys(names, "") | dict(zip(names, cells, strict=False)),
            names,
            seen,
            is_rehearsal,
            booked_by,
            now,
        )
        for line, cells in enumerate(table[1:], 2)
        if cells
    ]


def template() -> list[list[str]]:
    """Return a table without orders, whose columns fit the questions of the partner's packages."""
    packages = list(open_packages(with_questions=True))
    questions = [question for package in packages for question in package.questions.all()]
    asked = [f"{ANSWER}{question.key}" for question in questions if question.kind != QuestionKind.PHOTO]
    return [[*COLUMNS, *dict.fromkeys(asked)]]


def _columns(names: Sequence[str]) -> list[str]:
    written = [name.strip().lower() for name in names]
    while written and not written[-1]:
        written.pop()
    unknown = [name for name in written if name not in COLUMNS and not name.startswith(ANSWER)]
    missing = [name for name in NEEDED if name not in written]
    if "package" not in written and "product_number" not in written:
        missing.append("package")
    twice = sorted({name for name in written if written.count(name) > 1 and name})
    for found, words in (
        (missing, _("These columns are missing: %(names)s. Please use the template.")),
        (unknown, _("These columns are not known: %(names)s. Please use the template.")),
        (twice, _("These columns appear twice: %(names)s.")),
    ):
        if found:
            raise ColumnsNotRight(words % {"names": ", ".join(name or "–" for name in found)})
    return written


def _row(
    line: int,
    cells: Mapping[str, str],
    names: Sequence[str],
    seen: dict[str, int],
    is_rehearsal: bool,
    booked_by: UUID | None,
    now: datetime,
) -> Row:
    reference = cells["reference"]
    try:
        _refuse_strange(reference, seen)
        seen[reference] = line
        with transaction.atomic():
            order = feed_order(wish=_wish(cells), key_uuid=None, booked_by=booked_by, now=now)
            transaction.set_rollback(is_rehearsal)
    except ReferenceTaken as error:
        return Row(line, reference, order=order_by_uuid(error.order_uuid), was_placed=True)
    except DomainError as error:
        faults = tuple(_fault(line, column, message, names) for column, message in _faults_of(error))
        return Row(line, reference, faults=faults)
    return Row(line, reference, order=None if is_rehearsal else order)


def _refuse_strange(reference: str, seen: Mapping[str, int]) -> None:
    if not reference:
        raise NotARow({"reference": _("Please fill in this field.")})
    if len(reference) > LONGEST_REFERENCE:
        raise NotARow({"reference": _("Please use at most %(count)d characters.") % {"count": LONGEST_REFERENCE}})
    if reference in seen:
        raise NotARow({"reference": _("Line %(line)d has the same reference.") % {"line": seen[reference]}})


def _wish(cells: Mapping[str, str]) -> Wish:
    tenant, country = current_tenant(), cells["country"].upper()
    if country not in COUNTRIES:
        raise NotARow({"country": _("Please use the two letters of the country, for example DE.")})
    faults, windows = {}, []
    for name in TIMES:
        if not cells.get(name):
            continue
        try:
            windows.append(_window(cells[name]))
        except ValueError:
            faults[name] = _("Please write a day and morning, afternoon or evening, for example 2026-12-24 evening.")
    if faults:
        raise NotARow(faults)
    package = wanted_package(slug=cells.get("package", ""), product_number=cells.get("product_number", ""))
    return Wish(
        package_slug=package.slug,
        product_number="",
        language=cells.get("language", "").lower() or (tenant.default_language if tenant else ""),
        reference=cells["reference"],
        consents=cells.get("early_start", "").lower() in YES,
        steps={
            "place": {"country": country, "postal_code": _postal_code(country, cells["postal_code"])},
            "questions": _answers(package, cells),
            "times": {"windows": windows},
            "contact": {name: cells.get(name, "") for name in CONTACT},
            "payment": {"method": cells.get("payment_method", "").lower()},
            "voucher": {"code": cells.get("voucher", "")},
        },
    )


def _window(written: str) -> str:
    """Return a wished part of a day as a draft keeps it.

    Raises ValueError.
    """
    day, part = written.split()
    return write_window(date.fromisoformat(day), PARTS.index(part.lower()))


def _postal_code(country: str, written: str) -> str:
    """Return a postal code with the zero that spreadsheets take from its beginning."""
    return written.zfill(5) if country == "DE" and written.isdecimal() else written


def _answers(package: Package, cells: Mapping[str, str]) -> dict[str, str]:
    """Return the answers by the key of their question; a choice may be written as its number or its words."""
    choices = {
        question.key: option_texts(question)
        for question in package.questions.all()
        if question.kind == QuestionKind.CHOICE
    }
    written = {name.removeprefix(ANSWER): cell for name, cell in cells.items() if name.startswith(ANSWER) and cell}
    for key, cell in written.items():
        for place, texts in enumerate(choices.get(key, ())):
            words = {text.casefold() for code, text in texts.items() if code != MAIN}
            if cell.casefold() in words:
                written[key] = str(place)
    return written


def _faults_of(error: DomainError) -> Iterator[tuple[str, str]]:
    """Yield what a rule refuses by the column that it is about; it may be none."""
    if isinstance(error, UnableToPlaceOrder):
        for step, fields in error.fields.items():
            for name, message in fields.items():
                yield (f"{ANSWER}{name}" if step == "questions" else STEPS.get(step, name)), str(message)
        return
    if isinstance(error, FieldsNotRight | NotARow):
        yield from ((name, str(message)) for name, message in error.fields.items())
        return
    yield next((column for kind, column in RULES.items() if isinstance(error, kind)), ""), str(error)


def _fault(line: int, column: str, message: str, names: Sequence[str]) -> Fault:
    cell = ""
    with suppress(ValueError):  # a column that the table lacks
        cell = f"{get_column_letter(names.index(column) + 1)}{line}"
    return Fault(cell, column, message)
