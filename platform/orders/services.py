"""Writes of orders. Every public function is one transaction and leaves a line in the order's log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import OuterRef, QuerySet

from catalog.languages import texts_of
from catalog.models import Package, Price, Question
from kernel.at_once import at_once
from kernel.money import Split
from kernel.written_once import only_one, written_once
from orders.errors import (
    CaseIsOpen,
    DateInThePast,
    IllegalOrderMove,
    NoOpenProposal,
    ReasonMissing,
    SayWhyNow,
)
from orders.intake import Details, answer_value
from orders.models import (
    Answer,
    Appointment,
    BookingDraft,
    DraftPhoto,
    Order,
    OrderEvent,
    Report,
    TimeWindow,
)
from orders.moves import (
    close_objection,
    locked_order,
    log_order,
    move_found,
    move_order,
    name_of,
    split_columns,
    touch_order,
)
from orders.permits import may_cancel, may_search_again
from orders.selectors import closes_early, current_agreed
from orders.states import (
    ARRANGING,
    GIVEN_UP,
    SEARCH_WAITS,
    TIMES_ARE_OPEN,
    WAVE_OPENED,
    AppointmentState,
    Attention,
    ObjectionOutcome,
    OrderState,
    Side,
    Source,
)
from places.selectors import Place


@dataclass(frozen=True)
class Asked:
    """That a wave asks so many friends, of ``partner`` where it is another one's community."""

    wave: int
    offers: int
    in_shared_crowd: bool = False
    partner: str = ""

    def line(self, now: datetime) -> OrderEvent:
        """Return the line that tells it, of no order yet."""
        elsewhere = {"partner": self.partner} if self.partner else {}
        detail = {"wave": self.wave, "offers": self.offers, "crowd": self.in_shared_crowd, **elsewhere}
        return OrderEvent(at=now, kind=WAVE_OPENED, side=Side.SYSTEM, detail=detail)


def start_draft(
    *, package: Package, source: str = Source.WEB, booked_by: UUID | None = None, now: datetime
) -> BookingDraft:
    """Begin a booking."""
    return BookingDraft.objects.create(package=package, source=source, booked_by=booked_by, created_at=now)


@transaction.atomic
def save_step(*, draft_id: UUID, step: str, values: Mapping[str, Any]) -> BookingDraft:
    """Keep what was typed on one step, right or wrong; the other steps stay."""
    draft = BookingDraft.objects.select_for_update().get(pk=draft_id)
    draft.data = {**draft.data, step: dict(values)}
    draft.save(update_fields=["data"])
    return draft


def save_photo(*, draft: BookingDraft, question_key: str, content: bytes) -> DraftPhoto:
    """Keep a photo, already re-encoded as JPEG; an earlier one for the question is replaced."""
    photo, _created = DraftPhoto.objects.get_or_create(draft=draft, question_key=question_key)
    if photo.image:
        photo.image.delete(save=False)
    photo.image.save(f"{draft.id}-{question_key}.jpg", ContentFile(content))
    return photo


def remove_photo(*, draft: BookingDraft, question_key: str) -> None:
    """Forget a photo of a draft."""
    for photo in draft.photos.filter(question_key=question_key):
        photo.image.delete(save=False)
        photo.delete()


def lock_draft(draft_id: UUID) -> BookingDraft:
    """Return the draft, locked until the transaction ends, so two submits come one after the other.

    It comes with the keys of its photos, and with its package, that one's prices and its questions (1 query).
    """
    return only_one(_locked_draft(draft_id), BookingDraft)


@written_once
def _locked_draft(draft_id: UUID) -> QuerySet[BookingDraft]:
    drafts = BookingDraft.objects.select_for_update(of=("self",)).select_related("package").filter(pk=draft_id)
    keys = DraftPhoto.objects.filter(draft=OuterRef("pk")).values("question_key")
    return at_once(
        drafts.annotate(photo_keys=ArraySubquery(keys)),
        package__prices=Price.objects.order_by("country"),
        package__questions=Question.objects.order_by("sort_order", "id"),
    )


def write_order(
    *,
    draft: BookingDraft,
    details: Details,
    place: Place,
    split: Split,
    language: str,
    number_prefix: str,
    now: datetime,
) -> tuple[Order, list[Answer]]:
    """Write the order of a locked draft with its answers and wished times, and return it with the answers.

    ``release_order`` then writes its number and lets it be dispatched. ``split`` is the price as it
    was quoted.
    """
    package = draft.package
    order = Order.objects.create(
        draft=draft,
        source=draft.source,
        booked_by=draft.booked_by,
        language=language,
        package=package,
        package_name=texts_of(package, "name"),
        minutes=package.minutes,
        country=details.country,
        currency=split.currency,
        vat_bp=split.vat_bp,
        **split_columns(split),
        payment_method=details.payment_method,
        name=details.name,
        email=details.email,
        phone=details.phone,
        street=details.street,
        postal_code=place.code,
        town=place.name,
        latitude=place.latitude,
        longitude=place.longitude,
        note=details.note,
        created_at=now,
        changed_at=now,
    )
    order.number = f"{number_prefix}-{10_000 + order.pk}"
    answers = _write_answers(order, draft, details)
    TimeWindow.objects.bulk_create([TimeWindow(order=order, day=day, part=part) for day, part in details.windows])
    return order, answers


def release_order(
    *, order: Order, job_id: UUID, booked_by: str = "", asked: Asked | None = None, now: datetime
) -> None:
    """Let the order be dispatched, with the name of the manager in the log who has booked for a caller (1 query).

    ``asked`` are the friends of the first wave, which the log tells too. The database refuses it while a required
    answer is missing (R18).
    """
    side = Side.MANAGER if order.source == Source.PHONE else Side.CUSTOMER
    who = booked_by if order.source == Source.PHONE else order.name
    along = [asked.line(now)] if asked else []
    move_order(
        order,
        OrderState.SEARCHING,
        "placed",
        side=side,
        who=who,
        now=now,
        along=along,
        job_id=job_id,
        number=order.number,
    )


def assign_friend(
    *, order_uuid: UUID, friend_id: UUID, name: str, phone: str, contact_due_at: datetime, now: datetime
) -> Order:
    """Record who has taken the job (1 query).

    Raises IllegalOrderMove unless the order is searching.
    """
    return move_found(
        Order.objects.filter(uuid=order_uuid),
        OrderState.SEARCHING,
        OrderState.ACCEPTED,
        "accepted",
        side=Side.FRIEND,
        who=name,
        now=now,
        friend_id=friend_id,
        friend_name=name,
        friend_phone=phone,
        accepted_at=now,
        contact_due_at=contact_due_at,
        attention=Attention.NONE,
    )


@transaction.atomic
def note_contact(*, order_uuid: UUID, now: datetime) -> Order:
    """Record that the friend has contacted the customer; a second time changes nothing.

    Raises IllegalOrderMove before a friend has accepted and after the end.
    """
    order = locked_order(order_uuid)
    if order.contacted_at is not None:
        return order
    if order.state == OrderState.ACCEPTED:
        move_order(
            order,
            OrderState.CONTACTED,
            "contacted",
            side=Side.FRIEND,
            who=order.friend_name,
            now=now,
            contacted_at=now,
            attention=Attention.NONE,
        )
        return order
    raise IllegalOrderMove


@transaction.atomic
def propose_appointment(
    *, order_uuid: UUID, side: str, starts_at: datetime, note: str = "", now: datetime
) -> Appointment:
    """Propose a date, or counter the one that is open.

    Raises DateInThePast, or IllegalOrderMove unless a friend has the job and it is not done.
    """
    order = locked_order(order_uuid)
    if order.state not in ARRANGING:
        raise IllegalOrderMove
    if starts_at <= now:
        raise DateInThePast
    order.appointments.filter(state=AppointmentState.PROPOSED).update(state=AppointmentState.REPLACED)
    appointment = Appointment.objects.create(
        order=order, starts_at=starts_at, proposed_by=side, note=note, created_at=now
    )
    touch_order(
        order, "appointment_proposed", side=side, who=name_of(order, side), now=now, starts_at=starts_at.isoformat()
    )
    return appointment


@transaction.atomic
def accept_appointment(*, order_uuid: UUID, appointment_id: int, side: str, now: datetime) -> Appointment:
    """Agree to the date that the other side proposed; an earlier agreed date is replaced.

    Raises NoOpenProposal where that date is no longer open or is the own one, DateInThePast where it has passed.
    """
    order = locked_order(order_uuid)
    appointment = order.appointments.filter(pk=appointment_id, state=AppointmentState.PROPOSED).first()
    if appointment is None or appointment.proposed_by == side or order.state not in ARRANGING:
        raise NoOpenProposal
    if appointment.starts_at <= now:
        raise DateInThePast
    order.appointments.filter(state=AppointmentState.AGREED).update(state=AppointmentState.REPLACED)
    appointment.state = AppointmentState.AGREED
    appointment.save(update_fields=["state"])
    if order.contacted_at is None:
        # Whoever agrees on a date has been in contact.
        order.contacted_at = now
        order.save(update_fields=["contacted_at"])
    detail = {"starts_at": appointment.starts_at.isoformat()}
    if order.state == OrderState.SCHEDULED:
        touch_order(order, "appointment_agreed", side=side, who=name_of(order, side), now=now, **detail)
    else:
        move_order(
            order,
            OrderState.SCHEDULED,
            "appointment_agreed",
            side=side,
            who=name_of(order, side),
            now=now,
            detail=detail,
        )
    return appointment


def report_work(
    *,
    order_uuid: UUID,
    summary: str,
    material: str,
    minutes: int,
    is_paid: bool,
    why_now: str,
    time_zone: str,
    now: datetime,
) -> Order:
    """Record that the work is done (R16); ``time_zone`` is that of the agreed day.

    In the caller's transaction. Raises IllegalOrderMove before the customer was contacted and after the end, SayWhyNow
    without a reason where no date is agreed or its day lies ahead.
    """
    order = locked_order(order_uuid)
    if order.state not in ARRANGING or order.state == OrderState.ACCEPTED:
        # While the customer decides about a pro, the order is not the friend's to close.
        raise IllegalOrderMove
    is_early = closes_early(current_agreed(order), time_zone=time_zone, now=now)
    if is_early and not why_now.strip():
        raise SayWhyNow
    report = Report(
        summary=summary,
        material=material,
        minutes=minutes,
        is_paid=is_paid,
        why_now=why_now.strip() if is_early else "",
        created_at=now,
    )
    move_order(
        order, OrderState.DONE, "done", side=Side.FRIEND, who=order.friend_name, now=now, along=[report], done_at=now
    )
    return order


@transaction.atomic
def confirm_work(*, order_uuid: UUID, side: str, now: datetime) -> Order:
    """Confirm the completion, by the customer or after three days by the system; twice changes nothing.

    A customer who had said that the work is not done takes that back by it. Raises IllegalOrderMove unless the work
    is done, CaseIsOpen where another side confirms what the customer objects to.
    """
    order = locked_order(order_uuid)
    objection = order.objections.filter(closed_at=None).first()
    if objection is not None:
        if side != Side.CUSTOMER:
            raise CaseIsOpen
        close_objection(order, objection, outcome=ObjectionOutcome.WITHDRAWN, answer="", side=side, who=order.name,
                        now=now)  # fmt: skip
    if order.state != OrderState.CONFIRMED:
        move_order(
            order, OrderState.CONFIRMED, "confirmed", side=side, who=name_of(order, side), now=now, confirmed_at=now
        )
    return order


@transaction.atomic
def mark_unfilled(*, order_uuid: UUID, now: datetime) -> Order:
    """Record that nobody was found and put the order on the manager's desk (R17).

    Raises IllegalOrderMove unless the order is searching.
    """
    order = locked_order(order_uuid)
    move_order(order, OrderState.UNFILLED, "nobody_found", side=Side.SYSTEM, now=now, attention=Attention.NOBODY_FOUND)
    return order


@transaction.atomic
def mark_overdue(*, order_uuid: UUID, now: datetime) -> Order | None:
    """Put an order whose friend has not made contact in time on the manager's desk; None where that is not so."""
    order = locked_order(order_uuid)
    if order.state != OrderState.ACCEPTED:
        return None
    Order.objects.filter(pk=order.pk).update(attention=Attention.CONTACT_OVERDUE)
    touch_order(order, "contact_overdue", side=Side.SYSTEM, who="", now=now)
    return order


@transaction.atomic
def change_windows(*, order_uuid: UUID, windows: Sequence[tuple[date, int]], now: datetime) -> Order:
    """Replace the wished times.

    Raises IllegalOrderMove where somebody has accepted or the order has ended.
    """
    order = locked_order(order_uuid)
    if order.state not in TIMES_ARE_OPEN:
        raise IllegalOrderMove
    before = [[window.day.isoformat(), window.part] for window in order.windows.order_by("day", "part")]
    order.windows.all().delete()
    TimeWindow.objects.bulk_create([TimeWindow(order=order, day=day, part=part) for day, part in windows])
    touch_order(
        order,
        "windows_changed",
        side=Side.CUSTOMER,
        who=order.name,
        now=now,
        before=before,
        after=[[day.isoformat(), part] for day, part in windows],
    )
    return order


@transaction.atomic
def resume_search(*, order_uuid: UUID, side: str = Side.MANAGER, who: str, now: datetime) -> Order:
    """Search once more for an order that found nobody.

    Raises IllegalOrderMove unless that is its state.
    """
    order = locked_order(order_uuid)
    if not may_search_again(order.state):
        raise IllegalOrderMove
    move_order(order, OrderState.SEARCHING, "search_again", side=side, who=who, now=now, attention=Attention.NONE)
    return order


@transaction.atomic
def cancel_order(*, order_uuid: UUID, side: str, who: str, why: str = "", now: datetime) -> Order:
    """Cancel an order that is not done. A customer who is asked about a pro answers that instead.

    Raises IllegalOrderMove where it is done or cancelled.
    """
    order = locked_order(order_uuid)
    if not may_cancel(order.state, side):
        raise IllegalOrderMove
    move_order(
        order,
        OrderState.CANCELLED,
        "cancelled",
        side=side,
        who=who,
        now=now,
        attention=Attention.NONE,
        detail={"why": why},
    )
    return order


def note_wave(*, order_uuid: UUID, asked: Asked, now: datetime) -> Order:
    """Tell the order's log that friends are being asked."""
    order = locked_order(order_uuid)
    log_order(order, asked.line(now))
    return order


@transaction.atomic
def note_waiting(*, order_uuid: UUID, until: datetime, now: datetime) -> None:
    """Tell the order's log that nobody is asked before a moment; telling it twice changes nothing."""
    order = locked_order(order_uuid)
    last = order.events.filter(kind__in=[SEARCH_WAITS, WAVE_OPENED]).order_by("-at", "-id").first()
    if last is None or last.kind != SEARCH_WAITS or last.detail["until"] != until.isoformat():
        touch_order(order, SEARCH_WAITS, side=Side.SYSTEM, who="", now=now, until=until.isoformat())


@transaction.atomic
def give_up(*, order_uuid: UUID, now: datetime) -> Order:
    """Cancel an order for which nobody was found, as the partner's last resort says (R17).

    Raises IllegalOrderMove unless the order is searching.
    """
    order = locked_order(order_uuid)
    if order.state != OrderState.SEARCHING:
        raise IllegalOrderMove
    move_order(order, OrderState.CANCELLED, GIVEN_UP, side=Side.SYSTEM, now=now, attention=Attention.NONE)
    return order


def note_crossing(*, order_uuid: UUID, partner: str, carried: Sequence[str], now: datetime) -> None:
    """Tell the order's log that its job has passed the gate, to ``partner`` or, where empty, the shared crowd."""
    order = locked_order(order_uuid)
    touch_order(order, "crossed", side=Side.SYSTEM, who="", now=now, partner=partner, carried=list(carried))


@transaction.atomic
def match_split(*, order_uuid: UUID, of_job: Split, now: datetime) -> Order:
    """Split the order's price as its job's is; what the customer pays stays. Nothing happens where it is so already."""
    order = locked_order(order_uuid)
    split, before = of_job.within(order.price_minor), order.commission_bp
    if (before, order.commission_minor) == (split.commission_bp, split.commission_minor):
        return order
    order.commission_bp, order.commission_minor = split.commission_bp, split.commission_minor
    order.friend_minor = split.friends_minor
    order.save(update_fields=["commission_bp", "commission_minor", "friend_minor"])
    touch_order(
        order, "split_changed", side=Side.SYSTEM, who="", now=now, before_bp=before, after_bp=split.commission_bp
    )
    return order


@transaction.atomic
def note_talk(*, order_uuid: UUID, kind: str, side: str, now: datetime, **detail: Any) -> None:
    """Tell the order's log that a friend without a name yet and the customer have asked, answered or proposed."""
    order = locked_order(order_uuid)
    touch_order(order, kind, side=side, who=order.name if side == Side.CUSTOMER else "", now=now, **detail)


@transaction.atomic
def report_text(*, order_uuid: UUID, side: str, words: str, now: datetime) -> None:
    """Put an order on the desk because a text about it holds contact data; what it is there for already stays.

    Raises ReasonMissing.
    """
    order = locked_order(order_uuid)
    if not words.strip():
        raise ReasonMissing
    Order.objects.filter(pk=order.pk, attention=Attention.NONE).update(attention=Attention.TEXT_REPORTED)
    who = order.name if side == Side.CUSTOMER else ""
    touch_order(order, "text_reported", side=side, who=who, now=now, words=words)


def forget_old_drafts(*, now: datetime, older_than: timedelta) -> int:
    """Delete drafts that never became orders, with their photos; return how many."""
    old = BookingDraft.objects.filter(created_at__lt=now - older_than, order=None)
    for photo in DraftPhoto.objects.filter(draft__in=old):
        photo.image.delete(save=False)
    return old.delete()[1].get(BookingDraft._meta.label, 0)


def _write_answers(order: Order, draft: BookingDraft, details: Details) -> list[Answer]:
    photos = {photo.question_key: photo for photo in draft.photos.all()} if draft.photo_keys else {}  # type: ignore[attr-defined]  # of lock_draft
    rows = []
    for place, question in enumerate(draft.package.questions.all()):
        raw, photo = details.answers.get(question.key, ""), photos.get(question.key)
        if not raw and photo is None:
            continue
        rows.append(
            Answer(
                order=order,
                question_key=question.key,
                kind=question.kind,
                label=texts_of(question, "label"),
                value=answer_value(question, raw) if raw else "",
                photo=photo.image.name if photo else "",
                sort_order=place,
            )
        )
    return Answer.objects.bulk_create(rows)
