"""Each night the books are compared with what Stripe, the banks and the payouts say. Run on the platform (R19).

A provider's movements are read day by day and kept once each; what the provider has kept of them is booked. Each
movement has one transaction in the books and each transaction one movement: what has no other side, or differs from it,
is a difference. A comparison may be killed at any moment and run side by side with itself: nothing is kept, booked,
opened or told twice. A provider is a class like ``StripeSide``: ``PROVIDERS`` has them.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from journeys.money.comparing.bank_side import bank_differences, payout_differences
from journeys.money.comparing.stripe_side import StripeSide
from journeys.money.comparing.sumup_side import SumUpSide
from journeys.posting import tell
from journeys.topics import ToOperators
from kernel.errors import DomainError
from ledger import events
from ledger.chart import AccountName
from ledger.events import Occasion
from ledger.kinds import CURRENCIES
from ledger.selectors import open_day
from ledger.services import About, Posting, post
from reconciliation.models import Comparison, Movement
from reconciliation.selectors import booked_on, first_booked, is_compared, off, only_booked, read_through, unmatched
from reconciliation.services import (
    Found,
    Seen,
    begin_comparison,
    keep_movements,
    note_comparison_failed,
    note_differences,
    note_matched,
    note_read,
)
from reconciliation.states import Kind, Party

logger = logging.getLogger(__name__)

# What has just happened may be known to one side before the other.
GRACE = timedelta(hours=1)
# Read in one go; a comparison that dies begins the day again.
WINDOW = timedelta(days=1)
# Providers date some movements back a little.
OVERLAP = timedelta(hours=1)
# So many differences are named in the mail.
TOLD = 20


class Provider(Protocol):
    """Somebody who holds the platform's money and lists what has moved."""

    party: Party
    account: AccountName

    def is_on(self) -> bool:
        """Say whether this installation has anything there."""

    def pages(self, *, since: datetime, until: datetime) -> Iterator[list[Seen]]:
        """Yield what has moved there from one moment to before another."""

    def make_good(self, *, now: datetime) -> None:
        """Ask about what is undecided here."""

    def look_into(self, movement: Movement, *, now: datetime) -> None:
        """Let a movement be heard of that is not booked."""

    def key_of(self, movement: Movement) -> str:
        """Return the key under which the books have a movement; empty where nobody knows it."""

    def about(self, movement: Movement) -> About:
        """Return whose payment a movement is about."""

    def is_fee(self, movement: Movement) -> bool:
        """Say whether the movement itself is a fee."""

    def is_payout(self, movement: Movement) -> bool:
        """Say whether it is a transfer to the platform's bank account."""


PROVIDERS: tuple[Provider, ...] = (StripeSide(), SumUpSide())


def reconcile_tonight(*, now: datetime) -> int | None:
    """Carry out the night's comparison, or go on with it; return how many differences are new, None where it is over.

    Raises whatever keeps a provider from answering; the next call goes on.
    """
    night = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if is_compared(night):
        return None
    return _compare(begin_comparison(night=night, now=now), now)


def reconcile_now(*, who: str, now: datetime) -> int:
    """Compare because an operator asks for it; return how many differences are new.

    Raises UnableToReachStripe or RefusedByStripe.
    """
    return _compare(begin_comparison(night=None, asked_by=who, now=now), now)


def _compare(comparison: Comparison, now: datetime) -> int:
    try:
        found = [one for provider in _in_use() for one in _provider_differences(provider, now)]
    except DomainError as error:
        note_comparison_failed(comparison, error)
        raise
    found += [*bank_differences(), *payout_differences(now)]
    parties = [*(provider.party for provider in _in_use()), Party.BANK, Party.PAYOUTS]
    with transaction.atomic():
        opened = note_differences(comparison, found, parties=parties, now=now)
        if opened:
            ids = ",".join(str(one.pk) for one in opened[:TOLD])
            tell(ToOperators.DIFFERENCES_FOUND, comparison.pk, now=now, differences=ids, count=len(opened))
    return len(opened)


def _in_use() -> list[Provider]:
    return [provider for provider in PROVIDERS if provider.is_on()]


def _provider_differences(provider: Provider, now: datetime) -> list[Found]:
    _read(provider, now)
    provider.make_good(now=now)
    for movement in unmatched(provider.party).iterator():
        _match(provider, movement, now)
    return [*_not_booked(provider, now), *_only_booked(provider, now), *_other_amounts(provider)]


def _read(provider: Provider, now: datetime) -> None:
    """Keep what has moved since the last time, and book what the provider has kept of it."""
    since = read_through(provider.party) or first_booked(provider.account)
    if since is None:
        return
    since -= OVERLAP
    while since < now:
        until = min(since + WINDOW, now + timedelta(seconds=1))
        for page in provider.pages(since=since, until=until):
            keep_movements(provider.party, page)
        note_read(provider.party, through=min(until, now))
        since = until


def _match(provider: Provider, movement: Movement, now: datetime) -> None:
    """Find the transaction that stands for a movement; fees and transfers to the bank are booked here."""
    if movement.currency not in CURRENCIES:
        return
    if own := _own_posting(provider, movement, now):
        post(own)
        note_matched(movement, key=own.key, off_minor=0)
        return
    _book_fee(provider, movement, now)
    if not _find(provider, movement):
        provider.look_into(movement, now=now)
        _find(provider, movement)


def _find(provider: Provider, movement: Movement) -> bool:
    key = provider.key_of(movement)
    booked = booked_on(provider.account, movement.currency, key) if key else None
    if booked is None:
        return False
    return note_matched(movement, key=key, off_minor=movement.amount_minor - booked)


def _own_posting(provider: Provider, movement: Movement, now: datetime) -> Posting | None:
    """Return what a movement books that nobody else books."""
    occasion = _occasion(provider, movement, now)
    if provider.is_fee(movement) and movement.amount_minor < 0:
        return events.fee_charged(occasion, provider=provider.account, amount=-movement.amount_minor)
    if provider.is_payout(movement) and movement.amount_minor < 0:
        return events.provider_paid_out(occasion, provider=provider.account, amount=-movement.amount_minor)
    if provider.is_payout(movement) and movement.amount_minor > 0:
        return events.provider_took_back(occasion, provider=provider.account, amount=movement.amount_minor)
    return None


def _book_fee(provider: Provider, movement: Movement, now: datetime) -> None:
    if movement.fee_minor > 0:
        occasion = _occasion(provider, movement, now)
        post(events.fee_charged(occasion, provider=provider.account, amount=movement.fee_minor))


def _occasion(provider: Provider, movement: Movement, now: datetime) -> Occasion:
    day = movement.moved_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return Occasion(
        act=movement.pk, currency=movement.currency, on=open_day(day), at=now, about=provider.about(movement)
    )


def _not_booked(provider: Provider, now: datetime) -> Iterator[Found]:
    for movement in unmatched(provider.party).filter(moved_at__lt=now - GRACE).exclude(amount_minor=0):
        yield _found(provider, movement, Kind.NOT_BOOKED, movement.amount_minor)


def _other_amounts(provider: Provider) -> Iterator[Found]:
    for movement in off(provider.party):
        yield _found(provider, movement, Kind.AMOUNT, movement.off_minor)


def _only_booked(provider: Provider, now: datetime) -> Iterator[Found]:
    for entry in only_booked(provider.account, before=now - GRACE):
        made = entry.transaction
        yield Found(
            party=provider.party,
            kind=Kind.ONLY_BOOKED,
            subject=made.key,
            what=made.event,
            currency=entry.account.currency,
            amount_minor=-entry.amount_minor,
            since=made.booked_on,
            tenant_id=made.tenant_id,
            order_id=made.order_id,
            payment_id=made.payment_id,
        )


def _found(provider: Provider, movement: Movement, kind: Kind, amount_minor: int) -> Found:
    about = provider.about(movement)
    return Found(
        party=provider.party,
        kind=kind,
        subject=movement.name,
        what=f"{movement.kind} {movement.source}".strip(),
        currency=movement.currency,
        amount_minor=amount_minor,
        since=movement.moved_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date(),
        tenant_id=about.tenant_id,
        order_id=about.order_id,
        payment_id=about.payment_id if about.order_id else None,
    )
