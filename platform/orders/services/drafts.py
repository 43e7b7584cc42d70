"""Writes about what a customer has typed so far."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import OuterRef, QuerySet

from catalog.models import Package, Price, Question
from kernel.database.at_once import at_once
from kernel.database.written_once import only_one, written_once
from orders.models import BookingDraft, DraftPhoto
from orders.states import Source


def start_draft(
    *,
    package: Package,
    source: str = Source.WEB,
    booked_by: UUID | None = None,
    data: Mapping[str, Mapping[str, Any]] | None = None,
    now: datetime,
) -> BookingDraft:
    """Begin a booking; ``data`` is what is known already, by step."""
    return BookingDraft.objects.create(
        package=package, source=source, booked_by=booked_by, data=dict(data or {}), created_at=now
    )


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


def forget_old_drafts(*, now: datetime, older_than: timedelta) -> int:
    """Delete drafts that never became orders, with their photos; return how many."""
    old = BookingDraft.objects.filter(created_at__lt=now - older_than, order=None)
    for photo in DraftPhoto.objects.filter(draft__in=old):
        photo.image.delete(save=False)
    return old.delete()[1].get(BookingDraft._meta.label, 0)
