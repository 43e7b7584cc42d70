"""What a draft must hold before it is an order. Forms and services both ask here, so there is one truth.

A draft's data, by step: ``place`` {country, postal_code}, ``questions`` {key: value}, ``times`` {windows:
["2026-11-30:2", …]}, ``contact`` {name, email, phone, street, note, and of a company what orders.companies says},
``payment`` {method}. Besides there may be ``voucher`` {code} and ``fed`` {reference, key_uuid}.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from catalog.kinds import QuestionKind
from catalog.models import Package, Question
from catalog.selectors import option_texts
from kernel.errors import DomainError
from kernel.slots import HOURS, Part
from kernel.typed.phones import clean_phone
from kernel.wording.texts import Texts
from orders.bill_to import BillTo, bill_to_errors, read_bill_to
from orders.companies import Company, company_errors, read_company
from orders.errors import UnableToPlaceOrder
from orders.models import BookingDraft

STEPS = ("place", "questions", "times", "contact", "payment")
MOST_WINDOWS = 6
# As long as the columns of an order.
LONGEST = {"name": 120, "email": 254, "street": 160, "note": 500}

# What is kept with a draft besides its steps: the code that the customer has entered.
VOUCHER = "voucher"
# What a partner's system has said of a booking that it has begun: the reference of the order, and its key.
FED = "fed"

Window = tuple[date, int]


@dataclass(frozen=True)
class Details:
    """A complete and valid draft. ``answers`` is by question key: a string, or for a choice its place in the list."""

    country: str
    postal_code: str
    answers: Mapping[str, str]
    windows: tuple[Window, ...]
    name: str
    email: str
    phone: str
    street: str
    note: str
    payment_method: str
    company: Company
    bill_to: BillTo


def steps_of(package: Package) -> tuple[str, ...]:
    """Return the steps of a package's booking: nobody is asked how to pay what the partner pays."""
    return STEPS[:-1] if package.is_paid_by_partner else STEPS


def voucher_code(draft: BookingDraft) -> str:
    """Return the code of the voucher that a draft has, if it has one; a package that the partner pays needs none."""
    return "" if draft.package.is_paid_by_partner else str(draft.data.get(VOUCHER, {}).get("code", ""))


def read_draft(
    draft: BookingDraft,
    *,
    methods: Collection[str],
    time_zone: str,
    days_ahead: int,
    now: datetime,
) -> Details:
    """Return the details of a draft from ``orders.services.drafts.lock_draft`` (no query).

    Raises UnableToPlaceOrder with ``{step: {field: message}}`` where anything is missing or wrong.
    """
    data = {step: draft.data.get(step, {}) for step in STEPS}
    photos: list[str] = draft.photo_keys  # type: ignore[attr-defined]  # of lock_draft
    errors: dict[str, dict[str, str]] = {
        "place": _required(data["place"], "country", "postal_code"),
        "questions": answer_errors(draft.package.questions.all(), data["questions"], photos),
        "times": window_errors(data["times"].get("windows", []), time_zone=time_zone, days_ahead=days_ahead, now=now),
        "contact": contact_errors(data["contact"], data["place"].get("country", "")),
        "payment": _payment_errors(draft.package, data["payment"], methods),
    }
    errors = {step: fields for step, fields in errors.items() if fields}
    if errors:
        raise UnableToPlaceOrder(errors)
    contact = data["contact"]
    return Details(
        country=data["place"]["country"],
        postal_code=data["place"]["postal_code"],
        answers={key: str(value) for key, value in data["questions"].items() if value not in ("", None)},
        windows=tuple(known_windows(data["times"]["windows"])),
        name=contact["name"].strip(),
        email=contact["email"].strip(),
        phone=clean_phone(contact["phone"], data["place"]["country"]),
        street=contact["street"].strip(),
        note=contact.get("note", "").strip(),
        payment_method=data["payment"].get("method", ""),
        company=read_company(contact, data["place"]["country"]),
        bill_to=read_bill_to(contact, data["place"]["country"]),
    )


def answer_errors(questions: Iterable[Question], values: Mapping[str, Any], photos: Collection[str]) -> dict[str, str]:
    """Return a message for each question whose answer is missing or wrong."""
    found = {}
    for question in questions:
        if question.kind == QuestionKind.PHOTO:
            message = "" if question.key in photos or not question.is_required else _("Please add a photo.")
        else:
            message = answer_error(question, values.get(question.key, ""))
        if message:
            found[question.key] = message
    return found


def answer_error(question: Question, raw: Any) -> str:
    """Return what is wrong with one answer that is not a photo, or an empty string."""
    value = str(raw if raw is not None else "").strip()
    if not value:
        return _("Please answer this question.") if question.is_required else ""
    if question.kind == QuestionKind.CHOICE:
        places = {str(place) for place in range(len(option_texts(question)))}
        return "" if value in places else _("Please choose one of the answers.")
    if question.kind == QuestionKind.NUMBER:
        return _number_error(question, value)
    if len(value) > question.max_length:
        return _("Please use at most %(count)d characters.") % {"count": question.max_length}
    return ""


def answer_value(question: Question, raw: str) -> str | Texts:
    """Return an answer as it is kept: the texts of the choice, or the string itself."""
    return option_texts(question)[int(raw)] if question.kind == QuestionKind.CHOICE else raw.strip()


def window_errors(raw_windows: Collection[str], *, time_zone: str, days_ahead: int, now: datetime) -> dict[str, str]:
    """Return what is wrong with the wished times; at least one, at most six, all within the next ``days_ahead``."""
    last_day = now.astimezone(ZoneInfo(time_zone)).date() + timedelta(days=days_ahead)
    if not raw_windows:
        return {"windows": _("Please choose at least one time.")}
    if len(raw_windows) > MOST_WINDOWS:
        return {"windows": _("Please choose at most %(count)d times.") % {"count": MOST_WINDOWS}}
    for raw in raw_windows:
        try:
            day, part = parse_window(raw)
        except ValueError:
            return {"windows": _("Please choose one of the times shown.")}
        if not is_ahead(day, part, time_zone=time_zone, now=now):
            return {"windows": _("One of the times has passed. Please choose another.")}
        if day > last_day:
            return {"windows": _("Please choose times within the next %(count)d days.") % {"count": days_ahead}}
    return {}


def contact_errors(contact: Mapping[str, Any], country: str) -> dict[str, str]:
    """Return what is missing or wrong in the contact data."""
    errors = _required(contact, "name", "email", "phone", "street")
    if "email" not in errors:
        try:
            validate_email(contact["email"].strip())
        except ValidationError:
            errors["email"] = _("Please enter an email address like name@example.com.")
    if "phone" not in errors and country:
        try:
            clean_phone(contact["phone"], country)
        except DomainError as error:
            errors["phone"] = str(error)
    if "street" not in errors and not _is_street(contact["street"]):
        errors["street"] = _("Please enter the street with the house number.")
    for field, longest in LONGEST.items():
        if len(contact.get(field, "")) > longest:
            errors[field] = _("Please use at most %(count)d characters.") % {"count": longest}
    return errors | company_errors(contact, country) | bill_to_errors(contact)


def _payment_errors(package: Package, payment: Mapping[str, Any], methods: Collection[str]) -> dict[str, str]:
    if package.is_paid_by_partner or payment.get("method") in methods:
        return {}
    return {"method": _("Please choose how to pay.")}


def parse_window(raw: str) -> Window:
    """Return day and part of ``2026-11-30:2``.

    Raises ValueError.
    """
    day, _separator, part = raw.partition(":")
    return date.fromisoformat(day), Part(int(part)).value


def known_windows(raw_windows: Collection[str]) -> list[Window]:
    """Return the windows among what was sent, each once; what is none is left out."""
    found: dict[Window, None] = {}
    for raw in raw_windows:
        with suppress(ValueError):
            found[parse_window(raw)] = None
    return list(found)


def write_window(day: date, part: int) -> str:
    """Return the string that ``parse_window`` reads."""
    return f"{day.isoformat()}:{part}"


def is_ahead(day: date, part: int, *, time_zone: str, now: datetime) -> bool:
    """Say whether a part of a day has not begun yet, in the partner's time zone."""
    return datetime.combine(day, HOURS[part][0], ZoneInfo(time_zone)) > now


def _is_street(street: str) -> bool:
    """Say whether a house can be found by it: letters with a number, or, where houses have none, two words."""
    return any(one.isalpha() for one in street) and (any(one.isdigit() for one in street) or len(street.split()) > 1)


def _required(values: Mapping[str, Any], *fields: str) -> dict[str, str]:
    return {field: _("Please fill in this field.") for field in fields if not str(values.get(field, "")).strip()}


def _number_error(question: Question, value: str) -> str:
    try:
        number = int(value)
    except ValueError:
        return _("Please enter a whole number.")
    if question.min_value is not None and number < question.min_value:
        return _("Please enter %(least)d or more.") % {"least": question.min_value}
    if question.max_value is not None and number > question.max_value:
        return _("Please enter %(most)d or less.") % {"most": question.max_value}
    return ""
