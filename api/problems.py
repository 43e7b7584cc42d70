"""Every refusal as problem details: the code of the rule that said no, its message, and a pointer to each fault."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from api.errors import (
    BodyNotRight,
    BodyTooLarge,
    CallsTooFast,
    NothingThere,
    NotInThatFormat,
    NotLikeThat,
    SendJson,
)
from catalog.errors import NoPriceInCountry, PackageClosed
from developers.errors import ScopeMissing
from dispatch.errors import NothingAnswered
from journeys.order.booking.book_package import CountryNotServed, NotCovered
from kernel.errors import DomainError, FieldsNotRight
from kernel.web.problems import problem
from orders.errors import (
    AttachmentUnknown,
    DateInThePast,
    NothingWritten,
    ReasonMissing,
    ReferenceTaken,
    SayWhetherDone,
    StarsOutOfRange,
    UnableToPlaceOrder,
    UnusualTime,
    VoucherRefused,
)
from orders.photos import NotAPhoto, PhotoTooLarge
from places.errors import UnknownPostalCode

# Where in the body of an order the fields of a draft's steps stand (orders.intake).
STEPS = {
    "place": "/place/{field}",
    "questions": "/answers/{field}",
    "times": "/times",
    "contact": "/customer/{field}",
    "payment": "/payment_method",
    "early_start": "/early_start",
    "voucher": "/voucher",
}
# What else a rule says of a body, and where it stands there.
ABOUT: dict[type[DomainError], str] = {
    UnknownPostalCode: "/place/postal_code",
    NotCovered: "/place/postal_code",
    CountryNotServed: "/place/country",
    NoPriceInCountry: "/place/country",
    PackageClosed: "/package",
    VoucherRefused: "/voucher",
    AttachmentUnknown: "/photo",
    PhotoTooLarge: "/photo",
    NotAPhoto: "/photo",
    NothingWritten: "/text",
    NothingAnswered: "/text",
    ReasonMissing: "/text",
    DateInThePast: "/starts_at",
    UnusualTime: "/starts_at",
    StarsOutOfRange: "/stars",
    SayWhetherDone: "/is_done",
}
# What a field says of its value's form, by the code that Django REST framework has for it.
FORMS: dict[str, Promise] = {
    "required": _("Please fill in this field."),
    "null": _("Please fill in this field."),
    "unknown": _("This field is not known here."),
    "max_length": _("This text is too long."),
    "invalid_choice": _("This value is not allowed here."),
    "empty": _("Please fill in this field."),
}
WRONG = _("This value does not have the right format.")
# Django REST framework's own refusals, and ours in their place.
PLAIN: dict[type[Exception], type[DomainError]] = {
    Http404: NothingThere,
    exceptions.NotFound: NothingThere,
    exceptions.MethodNotAllowed: NotLikeThat,
    exceptions.NotAcceptable: NotInThatFormat,
    exceptions.UnsupportedMediaType: SendJson,
    exceptions.ParseError: BodyNotRight,
    RequestDataTooBig: BodyTooLarge,
}


def refuse(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Answer a rule's no, or what cannot be read; None for what is a fault, which then goes its way."""
    request = context["request"]
    if isinstance(error, exceptions.ValidationError):
        faults = dict(_faults_in(error.detail))
        return problem(request, str(FieldsNotRight.message), status=422, code=FieldsNotRight.code, faults=faults)
    said = error if isinstance(error, DomainError) else _plain(error)
    if said is None:
        return None
    answer = problem(request, _words_of(said), status=said.status, code=said.code, **_more_of(said))
    if said.status == exceptions.NotAuthenticated.status_code:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(said, CallsTooFast):
        answer.headers["Retry-After"] = str(said.retry_s)
    return answer


def pointers_of(error: DomainError) -> dict[str, str]:
    """Return the messages of a rule by the JSON pointer to what they are about in the body of an order."""
    if isinstance(error, UnableToPlaceOrder):
        return {
            STEPS[step].format(field=_escape(field)): str(message)
            for step, fields in error.fields.items()
            for field, message in fields.items()
        }
    if isinstance(error, FieldsNotRight):
        return {f"/{_escape(field)}": message for field, message in error.fields.items()}
    return next(({pointer: str(error)} for kind, pointer in ABOUT.items() if isinstance(error, kind)), {})


def _words_of(error: DomainError) -> str:
    """Return the message of the whole: that of single fields stands beside them."""
    return str(error.message) if isinstance(error, FieldsNotRight) else str(error)


def _more_of(error: DomainError) -> dict[str, Any]:
    more: dict[str, Any] = {"faults": pointers_of(error)}
    if isinstance(error, ReferenceTaken):
        more["order"] = str(error.order_uuid)
    if isinstance(error, ScopeMissing):
        more["scope"] = error.scope
    return more


def _plain(error: Exception) -> DomainError | None:
    return next((ours() for theirs, ours in PLAIN.items() if isinstance(error, theirs)), None)


def _faults_in(detail: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield pointer and message of each fault that a serializer has found."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _faults_in(inner, pointer if name == "non_field_errors" else f"{pointer}/{_escape(str(name))}")
        return
    for place, inner in enumerate(detail):
        if isinstance(inner, exceptions.ErrorDetail):
            yield pointer, str(FORMS.get(inner.code, WRONG))
            return
        yield from _faults_in(inner, f"{pointer}/{place}")


def _escape(name: str) -> str:
    """Return a name as it stands in a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
