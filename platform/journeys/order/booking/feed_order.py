"""A partner's own system places an order, or wishes for other times: the same rules as at a booking. In the tenant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from catalog.kinds import QuestionKind
from catalog.models import Package
from catalog.selectors import package_by_slug, slug_of_product
from journeys.order.booking.book_package import book_package
from journeys.order.booking.change_times import change_times
from kernel.errors import FieldsNotRight
from orders.early_start import early_start_words, needs_early_start
from orders.errors import AttachmentUnknown, UnableToPlaceOrder
from orders.intake import known_windows, window_errors
from orders.models import BookingDraft, Order
from orders.services.attachments import use_in_draft
from orders.services.drafts import start_draft
from orders.services.fed import note_fed, refuse_taken_reference
from orders.states import Source
from places.countries import country_by_code
from tenants.context import current_tenant
from tenants.models import Tenant


@dataclass(frozen=True)
class Wish:
    """An order as a partner's system sends it; ``steps`` is the data of a draft (orders.intake).

    The answer to a question for a photo is the id of an attachment. ``product_number`` names the package where
    ``package_slug`` is empty. ``consents`` says that the customer has asked for work within the days of withdrawal, in
    the words of ``language``.
    """

    package_slug: str
    product_number: str
    language: str
    reference: str
    consents: bool
    steps: Mapping[str, Mapping[str, Any]]


@transaction.atomic
def feed_order(*, wish: Wish, key_uuid: UUID | None, booked_by: UUID | None = None, now: datetime) -> Order:
    """Place an order, let four friends be asked, and return it.

    It comes with a key of the partner's system, or in a table of the manager who is ``booked_by``.

    Raises ReferenceTaken, FieldsNotRight, UnableToPlaceOrder with the faults by step and field, or what
    ``answer_place`` raises.
    """
    refuse_taken_reference(wish.reference)
    package = package_of(wish)
    draft = _draft(package, wish, booked_by, now)
    with translation.override(wish.language):
        words = early_start_words() if wish.consents else ""
    order = book_package(draft_id=draft.pk, language=wish.language, early_start=words, now=now)
    _must_consent(order, wish, now)
    note_fed(order=order, key_uuid=key_uuid, reference=wish.reference)
    return order


def change_times_of(*, order: Order, windows: Sequence[str], now: datetime) -> None:
    """Replace the wished times of an order.

    Raises FieldsNotRight, IllegalJobMove, or IllegalOrderMove where somebody has accepted or the order has ended.
    """
    tenant = _tenant()
    faults = window_errors(windows, time_zone=tenant.time_zone, days_ahead=tenant.booking_days, now=now)
    if faults:
        raise FieldsNotRight({"times": faults["windows"]})
    change_times(order=order, windows=known_windows(windows), now=now)


def package_of(wish: Wish) -> Package:
    """Return the package of a wish in one of the partner's languages (4 queries).

    Raises FieldsNotRight.
    """
    faults = {}
    if wish.language not in _tenant().languages:
        faults["language"] = _("Please choose one of the partner's languages.")
    try:
        package = wanted_package(slug=wish.package_slug, product_number=wish.product_number)
    except FieldsNotRight as error:
        raise FieldsNotRight(faults | error.fields) from error
    if faults:
        raise FieldsNotRight(faults)
    return package


def wanted_package(*, slug: str, product_number: str) -> Package:
    """Return the package that is named by its slug or by the partner's product number, one of both (4 queries).

    Raises FieldsNotRight.
    """
    if bool(slug) == bool(product_number):
        raise FieldsNotRight({"package": _("Please send either package or product_number.")})
    field = "product_number" if product_number else "package"
    try:
        return package_by_slug(slug or slug_of_product(product_number))
    except Package.DoesNotExist as error:
        raise FieldsNotRight({field: _("We do not know this package.")}) from error


def _draft(package: Package, wish: Wish, booked_by: UUID | None, now: datetime) -> BookingDraft:
    """Begin a draft with the answers to what is asked, and the photos among them.

    Raises UnableToPlaceOrder.
    """
    asked = {question.key: question.kind for question in package.questions.all()}
    answers = wish.steps["questions"]
    strange = sorted(set(answers) - set(asked))
    if strange:
        raise UnableToPlaceOrder({"questions": {key: _("The package has no such question.") for key in strange}})
    photos = {key: answer for key, answer in answers.items() if answer and asked[key] == QuestionKind.PHOTO}
    words = {key: answer for key, answer in answers.items() if asked[key] != QuestionKind.PHOTO}
    draft = start_draft(
        package=package, source=Source.API, booked_by=booked_by, data={**wish.steps, "questions": words}, now=now
    )
    missing = use_in_draft(draft=draft, photos=photos)
    if missing:
        raise UnableToPlaceOrder({"questions": {key: str(AttachmentUnknown.message) for key in missing}})
    return draft


def _must_consent(order: Order, wish: Wish, now: datetime) -> None:
    """Refuse an order of a consumer who wants work within the days of withdrawal and has not asked for that."""
    windows = known_windows(wish.steps["times"]["windows"])
    is_needed = not order.company and needs_early_start(country_by_code(order.country), windows, now=now)
    if is_needed and not wish.consents:
        fault = _("Please have the customer agree to this, or choose times after the withdrawal period.")
        raise UnableToPlaceOrder({"early_start": {"early_start": fault}})


def _tenant() -> Tenant:
    tenant = current_tenant()
    if tenant is None:
        raise RuntimeError("Orders are placed inside a tenant.")
    return tenant
