"""Reads for the tax office: what friends have said, who is still asked, what was reported. Run on the platform."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from crowd.models import Friend
from ledger.kinds import AccountKind
from ledger.models import Account
from tax.kinds import (
    AT_LEAST_BETWEEN,
    BLOCK,
    DUE_DAY,
    DUE_MONTH,
    FIRST_REMINDER,
    SECOND_REMINDER,
    UNION,
    ReportedKind,
    Step,
)
from tax.models import Asked, Report, Reported, SellerData


@dataclass(frozen=True)
class Due:
    """A friend who was asked, and what is done now."""

    asked: Asked
    step: Step


def is_touched(country: str) -> bool:
    """Say whether the directive touches who lives in a country."""
    return country in UNION


def seller_data_of(friend_id: UUID) -> SellerData | None:
    """Return what a friend has said."""
    return SellerData.objects.filter(pk=friend_id).first()


def seller_data(friend_ids: Collection[UUID]) -> dict[UUID, SellerData]:
    """Return what friends have said."""
    return SellerData.objects.in_bulk(list(friend_ids))


def asked_of(friend_id: UUID) -> Asked | None:
    """Return since when a friend is asked, where they have not answered."""
    return Asked.objects.filter(pk=friend_id).first()


def missing() -> QuerySet[Asked]:
    """Return who was asked and has not answered, the longest first."""
    return Asked.objects.order_by("asked_at", "friend_id")


def unasked(most: int) -> list[UUID]:
    """Return friends who are touched, have an account in the books, have said nothing and were never asked."""
    of_account = {"pk": OuterRef("friend_id")}
    found = Account.objects.filter(
        Exists(Friend.objects.filter(**of_account, country__in=UNION)),
        ~Exists(SellerData.objects.filter(**of_account)),
        ~Exists(Asked.objects.filter(**of_account)),
        kind__in=[AccountKind.FRIEND, AccountKind.PRO],
    )
    ids = found.values_list("friend_id", flat=True).distinct().order_by("friend_id")[:most]
    return [one for one in ids if one]


def gone() -> list[UUID]:
    """Return who was asked and has moved out of the Union since."""
    found = Asked.objects.filter(~_lives_in_the_union())
    return list(found.order_by("friend_id").values_list("friend_id", flat=True))


def due(now: datetime) -> list[Due]:
    """Return the friends for whom a step has come, in the order in which they were asked.

    Payouts are blocked after two reminders and 60 days, and each reminder has ten days to have an effect, also where
    nobody was there to send it in time. Who has moved out of the Union is left alone.
    """
    remind = Q(reminded_at=None, asked_at__lte=now - FIRST_REMINDER)
    again = Q(reminded_at__lte=now - AT_LEAST_BETWEEN, reminded_again_at=None, asked_at__lte=now - SECOND_REMINDER)
    block = Q(reminded_again_at__lte=now - AT_LEAST_BETWEEN, asked_at__lte=now - BLOCK)
    found = Asked.objects.filter(remind | again | block, _lives_in_the_union(), blocked_at=None).order_by(
        "asked_at", "friend_id"
    )
    return [Due(one, _step(one)) for one in found]


def due_on(year: int) -> date:
    """Return by when a year must be reported, to the tax office and to each friend."""
    return date(year + 1, DUE_MONTH, DUE_DAY)


def reports() -> QuerySet[Report]:
    """Return all messages without their content, latest first."""
    return Report.objects.defer("content").order_by("-year", "-number")


def report_by_id(report_id: UUID) -> Report:
    """Return a message.

    Raises ``Report.DoesNotExist``.
    """
    return Report.objects.get(pk=report_id)


def standing_reported(year: int) -> list[Reported]:
    """Return what counts as said of each friend and currency in a year: nothing has taken its place yet."""
    found = Reported.objects.filter(report__year=year, corrected_by=None).exclude(kind=ReportedKind.DELETED)
    return list(found.order_by("friend_id", "currency"))


def reported_of_friend(friend_id: UUID) -> list[Reported]:
    """Return what counts as said of a friend, the latest year first."""
    found = Reported.objects.filter(friend_id=friend_id, corrected_by=None).exclude(kind=ReportedKind.DELETED)
    return list(found.select_related("report").defer("report__content").order_by("-report__year", "currency"))


def friends_in(made: Collection[Report]) -> list[UUID]:
    """Return the friends of whom messages say something, each once."""
    found = Reported.objects.filter(report__in=made).exclude(kind=ReportedKind.DELETED)
    return list(found.order_by("friend_id").values_list("friend_id", flat=True).distinct())


def messages_of(year: int) -> QuerySet[Report]:
    """Return the messages of a year without their content, the first one first."""
    return Report.objects.filter(year=year).defer("content").order_by("number")


def _lives_in_the_union() -> Exists:
    return Exists(Friend.objects.filter(pk=OuterRef("friend_id"), country__in=UNION))


def _step(asked: Asked) -> Step:
    if asked.reminded_at is None:
        return Step.REMIND
    return Step.REMIND_AGAIN if asked.reminded_again_at is None else Step.BLOCK
