"""Writes of movements, comparisons and differences. Run on the platform."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from reconciliation.errors import DecidedAlready, ReasonIsMissing
from reconciliation.models import Comparison, Difference, Movement, Reading
from reconciliation.states import Kind, Party

ERROR_LENGTH, WHAT_LENGTH, REASON_LENGTH = 300, 160, 500


@dataclass(frozen=True)
class Seen:
    """Money that a provider says it has moved: see ``Movement``."""

    name: str
    kind: str
    currency: str
    amount_minor: int
    fee_minor: int
    source: str
    payment: str
    moved_at: datetime


@dataclass(frozen=True)
class Found:
    """A difference that there is now; ``subject`` is by what it is known again."""

    party: Party
    kind: Kind
    subject: str
    what: str
    currency: str
    amount_minor: int
    since: date
    tenant_id: int | None = None
    order_id: UUID | None = None
    payment_id: UUID | None = None
    payout_id: UUID | None = None

    @property
    def known_by(self) -> tuple[str, str, str]:
        """What is unique among the differences that are not gone."""
        return self.party.value, self.kind.value, self.subject


def begin_comparison(*, night: date | None, asked_by: str = "", now: datetime) -> Comparison:
    """Return the night's comparison, or a new one that somebody asks for."""
    if night is None:
        return Comparison.objects.create(asked_by=asked_by, begun_at=now)
    return Comparison.objects.get_or_create(night=night, defaults={"begun_at": now})[0]


def note_comparison_failed(comparison: Comparison, error: Exception) -> None:
    """Write down why a comparison is not over."""
    text = f"{type(error).__name__}: {error.__cause__ or error}"[:ERROR_LENGTH]
    Comparison.objects.filter(pk=comparison.pk, finished_at=None).update(last_error=text)


@transaction.atomic
def keep_movements(party: Party, seen: Iterable[Seen]) -> None:
    """Write down what a provider has moved; what is known is left as it is."""
    Movement.objects.bulk_create([Movement(party=party, **asdict(one)) for one in seen], ignore_conflicts=True)


def note_read(party: Party, *, through: datetime) -> None:
    """Write down through which moment a provider's movements have been read."""
    Reading.objects.update_or_create(party=party, defaults={"through": through})


def note_matched(movement: Movement, *, key: str, off_minor: int) -> bool:
    """Write down which transaction of the books stands for a movement; say no where it stands for another already."""
    try:
        with transaction.atomic():
            mine = Movement.objects.filter(pk=movement.pk, key="")
            return bool(mine.update(key=key, off_minor=off_minor))
    except IntegrityError:
        return False


@transaction.atomic
def note_differences(
    comparison: Comparison, found: Iterable[Found], *, parties: Collection[Party], now: datetime
) -> list[Difference]:
    """Finish a comparison: open what is new, close what is gone of the compared parties; return what was opened.

    What was set aside stays so as long as the amount does. Comparisons take turns, and each is finished once.
    """
    locked = Comparison.objects.select_for_update().get(pk=comparison.pk)
    if locked.finished_at:
        return []
    there = {one.known_by: one for one in found}
    standing = Difference.objects.select_for_update().filter(gone_at=None, party__in=parties).order_by("id")
    known = {(one.party, one.kind, one.subject): one for one in standing}
    gone = [one.pk for key, one in known.items() if key not in there]
    Difference.objects.filter(pk__in=gone).update(gone_at=now)
    opened = [_again(known[key], one) for key, one in there.items() if key in known and _is_other(known[key], one)]
    fresh = [
        Difference(**asdict(one) | {"what": one.what[:WHAT_LENGTH]}, found_at=now)
        for key, one in there.items()
        if key not in known
    ]
    opened += Difference.objects.bulk_create(fresh)
    locked.finished_at, locked.last_error = now, ""
    locked.new_count, locked.gone_count = len(opened), len(gone)
    locked.save()
    return opened


@transaction.atomic
def set_aside(difference_id: UUID, *, reason: str, who: str, now: datetime) -> Difference:
    """Take a difference off the desk about which nothing is to be done.

    Raises ReasonIsMissing, DecidedAlready, and ``Difference.DoesNotExist``.
    """
    if not reason.strip():
        raise ReasonIsMissing
    found = Difference.objects.select_for_update().get(pk=difference_id)
    if not found.is_open:
        raise DecidedAlready
    found.set_aside_at, found.set_aside_by, found.reason = now, who, reason.strip()[:REASON_LENGTH]
    found.save(update_fields=["set_aside_at", "set_aside_by", "reason"])
    return found


def _is_other(known: Difference, found: Found) -> bool:
    return known.amount_minor != found.amount_minor


def _again(known: Difference, found: Found) -> Difference:
    """Let a difference whose amount has changed wait for a decision again."""
    known.amount_minor, known.since = found.amount_minor, found.since
    known.set_aside_at, known.set_aside_by, known.reason = None, "", ""
    known.save(update_fields=["amount_minor", "since", "set_aside_at", "set_aside_by", "reason"])
    return known
