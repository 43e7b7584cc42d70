"""Writing payouts: accounts, holds, runs, and what the bank says. Run on the platform.

A run goes on part by part, each in a transaction of its own: a part that dies leaves nothing, and whoever comes next
goes on after the last one that was done. The run's row is the lock that all who carry it out share, and the books come
last.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from kernel.database.constraints import constraint_of
from ledger import chart
from ledger.events import (
    Occasion,
    cash_netted,
    payout_confirmed,
    payout_ordered,
    payout_refused,
    payout_returned,
)
from ledger.kinds import CURRENCIES
from ledger.models import Entry
from ledger.services import About, Posting, post
from payouts.calendar import pay_day_of
from payouts.errors import (
    HeldAlready,
    HolderIsMissing,
    NoBankAccount,
    ReasonIsMissing,
    RunIsOpen,
    UnableToRefuse,
)
from payouts.ibans import clean_iban
from payouts.models import BankAccount, Download, Hold, Line, Payout, Run, Waiting
from payouts.selectors import Standing, friends_after, standings
from payouts.settling import settle
from payouts.states import HoldKind, PayoutState
from payouts.transfers import write_transfers

# So many friends are one transaction, and so many payouts one bank file.
PART, A_FILE = 500, 5_000
# The number of no file: what was refused before anybody took its file is in none.
LEFT_OUT = 0
LONGEST_REASON = 300
_PRO = "pro"


@transaction.atomic
def enter_account(*, friend_id: UUID, holder: str, iban: str, now: datetime) -> BankAccount:
    """Pay a friend to another account from now on; what is ordered already goes where it was ordered to.

    Raises HolderIsMissing, NotAnIban, IbanHasAnotherLength, IbanOutOfReach or IbanForBills.
    """
    holder = " ".join("".join(sign if sign.isprintable() else " " for sign in holder).split())
    if not any(letter.isalpha() for letter in holder):
        raise HolderIsMissing
    iban = clean_iban(iban)
    try:
        entered = _replace_account(friend_id, holder[:70], iban, now)
    except IntegrityError as error:
        if constraint_of(error) != "payouts_one_account":
            raise
        # Their other window was faster with the first account: this one replaces it.
        entered = _replace_account(friend_id, holder[:70], iban, now)
    note_waiting([friend_id], now=now)
    return entered


@transaction.atomic
def hold_payouts(*, friend_id: UUID, reason: str, who: str, now: datetime) -> Hold:
    """Keep a friend's payouts back from now on; what is ordered already is not touched.

    Where they are kept back for want of tax details, the operator's hold takes the place of that one.

    Raises ReasonIsMissing or HeldAlready.
    """
    if not reason.strip():
        raise ReasonIsMissing
    _end_hold(friend_id, HoldKind.TAX, who, now)
    try:
        with transaction.atomic():
            hold = Hold.objects.create(
                friend_id=friend_id, reason=reason.strip()[:LONGEST_REASON], placed_by=who, placed_at=now
            )
    except IntegrityError as error:
        if constraint_of(error) != "payouts_one_hold":
            raise
        raise HeldAlready from error
    note_waiting([friend_id], now=now)
    return hold


@transaction.atomic
def lift_hold(*, friend_id: UUID, who: str, now: datetime) -> bool:
    """Lift an operator's hold; say whether there was one."""
    lifted = _end_hold(friend_id, HoldKind.OPERATOR, who, now)
    note_waiting([friend_id], now=now)
    return lifted


@transaction.atomic
def hold_for_tax(*, friend_id: UUID, now: datetime) -> bool:
    """Keep a friend's payouts back until their tax details are there; say whether nothing kept them back already."""
    try:
        with transaction.atomic():
            Hold.objects.create(
                friend_id=friend_id, kind=HoldKind.TAX, reason=HoldKind.TAX, placed_by="", placed_at=now
            )
    except IntegrityError as error:
        if constraint_of(error) != "payouts_one_hold":
            raise
        return False
    note_waiting([friend_id], now=now)
    return True


@transaction.atomic
def lift_tax_hold(*, friend_id: UUID, now: datetime) -> bool:
    """Let a friend be paid whose tax details have come; say whether that was what kept their payouts back."""
    lifted = _end_hold(friend_id, HoldKind.TAX, "", now)
    note_waiting([friend_id], now=now)
    return lifted


def start_run(
    *, currency: str, who: str, now: datetime, due_on: date | None = None, friend_id: UUID | None = None
) -> Run:
    """Begin to pay everybody, or one friend, in a currency; ``order_some`` does it.

    Raises NoBankAccount, or RunIsOpen, also where the pay day has its run.
    """
    if currency not in settings.PAYOUT_ACCOUNTS:
        raise NoBankAccount
    try:
        with transaction.atomic():
            return Run.objects.create(currency=currency, asked_by=who, begun_at=now, due_on=due_on, friend_id=friend_id)
    except IntegrityError as error:
        if constraint_of(error) not in {"payouts_one_open_run", "payouts_one_run_a_pay_day"}:
            raise
        raise RunIsOpen from error


def start_due_runs(*, now: datetime) -> list[Run]:
    """Begin the runs of this week's pay day, in each currency that the platform pays in; each once."""
    due_on, begun = pay_day_of(timezone.localdate(now)), []
    missing = set(settings.PAYOUT_ACCOUNTS) - set(Run.objects.filter(due_on=due_on).values_list("currency", flat=True))
    for currency in sorted(missing):
        try:
            begun.append(start_run(currency=currency, who="", now=now, due_on=due_on))
        except RunIsOpen:
            # An operator's run is under way: this one begins after it.
            continue
    return begun


def open_runs() -> list[UUID]:
    """Return the runs that are not over, the oldest first."""
    return list(Run.objects.filter(finished_at=None).order_by("begun_at", "id").values_list("pk", flat=True))


@transaction.atomic
def order_some(*, run_id: UUID, now: datetime, most: int = PART) -> list[Payout] | None:
    """Order the payouts of the run's next friends and book them; None where the run is over.

    Cash in a friend's hands is set off first, also where it leaves nothing to pay.
    """
    run = lock_run(run_id)
    if run.finished_at:
        return None
    friends = _next_friends(run, most)
    if not friends:
        Run.objects.filter(pk=run.pk).update(finished_at=now)
        return None
    found = standings(friends, today=timezone.localdate(now), currency=run.currency)
    ordered = [payout for one in found if (payout := _payout(run, one, now))]
    for place, payout in enumerate((one for one in ordered if one.account), start=run.payouts_count):
        payout.file_number = place // A_FILE + 1
    entries = {one.friend_id: one.entry_ids for one in found}
    Payout.objects.bulk_create(ordered)
    write_transfers(ordered, {one.friend_id: one.connect for one in found}, now=now)
    Line.objects.bulk_create(Line(payout=one, entry_id=entry) for one in ordered for entry in entries[one.friend_id])
    _book(ordered, {one.friend_id: one for one in found}, now)
    paid = [one for one in ordered if one.amount_minor]
    Run.objects.filter(pk=run.pk).update(
        after=friends[-1],
        payouts_count=F("payouts_count") + len(paid),
        total_minor=F("total_minor") + sum(one.amount_minor for one in paid),
    )
    is_paid = {one.friend_id for one in paid}
    _note(friends, [one for one in found if one.friend_id not in is_paid], run.currency)
    return ordered


def lock_run(run_id: UUID) -> Run:
    """Return a run that nobody else carries out, takes a file of, or refuses a payout of until the transaction ends."""
    return Run.objects.select_for_update(no_key=True).get(pk=run_id)


def confirm_some(*, run_id: UUID, file_number: int, who: str, now: datetime, most: int = PART) -> list[Payout]:
    """Book that the bank has carried out the next payouts of a file, and return them; none means that all are done."""
    with transaction.atomic():
        found = list(
            Payout.objects.select_for_update(no_key=True)
            .filter(run=run_id, file_number=file_number, state=PayoutState.ORDERED)
            .order_by("id")[:most]
        )
        Payout.objects.filter(pk__in=[one.pk for one in found]).update(
            state=PayoutState.CONFIRMED, settled_at=now, settled_by=who
        )
        post(*(payout_confirmed(_occasion(one, one.pk, now), amount=one.amount_minor) for one in found))
    return found


@transaction.atomic
def refuse_payout(*, payout_id: UUID, reason: str, who: str, now: datetime) -> Payout:
    """Book that the bank has refused a payout, or that a confirmed one came back: the money is the friend's as before.

    A transfer is Stripe's business, not the bank's (``transfers``).

    The account is not paid to again until the friend has entered one anew. What nobody has sent to the bank yet is left
    out of its file, and what was sent stays in it. Raises ReasonIsMissing or UnableToRefuse.
    """
    if not reason.strip():
        raise ReasonIsMissing
    run = lock_run(Payout.objects.get(pk=payout_id).run_id)
    payout = Payout.objects.select_for_update(no_key=True, of=("self",)).select_related("account").get(pk=payout_id)
    states = {PayoutState.ORDERED: PayoutState.REFUSED, PayoutState.CONFIRMED: PayoutState.RETURNED}
    if payout.state not in states or payout.by_transfer:
        raise UnableToRefuse
    came_back = payout.state == PayoutState.CONFIRMED
    payout.state, payout.refusal = states[PayoutState(payout.state)], reason.strip()[:LONGEST_REASON]
    payout.settled_at, payout.settled_by = now, who
    assert payout.file_number is not None, "it moves money"
    assert payout.account is not None, "it moves money"
    if not (came_back or Download.objects.filter(run=run, file_number=payout.file_number).exists()):
        payout.file_number = LEFT_OUT
    payout.save(update_fields=["state", "refusal", "settled_at", "settled_by", "file_number"])
    BankAccount.objects.filter(pk=payout.account.pk, ended_at=None).update(ended_at=now, refusal=payout.refusal)
    post(*_taken_back(payout, came_back, now))
    note_waiting([payout.friend_id], now=now)
    return payout


def note_download(*, run: Run, file_number: int, who: str, now: datetime) -> None:
    """Write down who has taken a bank file."""
    Download.objects.create(run=run, file_number=file_number, who=who, at=now)


@transaction.atomic
def note_waiting(friend_ids: Collection[UUID], *, now: datetime, currency: str = "") -> None:
    """Write down anew what of these friends' money waits, and why."""
    _note(friend_ids, standings(friend_ids, today=timezone.localdate(now), currency=currency), currency)


def note_all_waiting(*, now: datetime) -> None:
    """Write down anew what of everybody's money waits, some friends at a time."""
    for currency in CURRENCIES:
        after: UUID | None = None
        while friends := friends_after(after, currency=currency, most=PART):
            note_waiting(friends, now=now, currency=currency)
            after = friends[-1]


def _end_hold(friend_id: UUID, kind: HoldKind, who: str, now: datetime) -> bool:
    held = Hold.objects.filter(friend_id=friend_id, kind=kind, lifted_at=None)
    return held.update(lifted_by=who, lifted_at=now) == 1


@transaction.atomic
def _replace_account(friend_id: UUID, holder: str, iban: str, now: datetime) -> BankAccount:
    BankAccount.objects.filter(friend_id=friend_id, ended_at=None).update(ended_at=now)
    return BankAccount.objects.create(friend_id=friend_id, holder=holder, iban=iban, entered_at=now)


def _next_friends(run: Run, most: int) -> list[UUID]:
    if run.friend_id:
        return [] if run.after else [run.friend_id]
    return friends_after(run.after, currency=run.currency, most=most)


def _payout(run: Run, standing: Standing, now: datetime) -> Payout | None:
    """Return what the friend gets of the run, or None where nothing is set off or paid.

    Money that waits is not touched, so that it stays as old as it is.
    """
    netted, paid = settle(standing.owed)
    if not (standing.is_payable if paid.minor else netted.minor):
        return None
    return Payout(
        run=run,
        friend_id=standing.friend_id,
        account=standing.account if paid.minor else None,
        by_transfer=bool(paid.minor and standing.connect),
        currency=run.currency,
        due_minor=standing.owed.net_minor,
        netted_minor=netted.minor,
        friend_minor=paid.friend_minor,
        pro_minor=paid.pro_minor,
        amount_minor=paid.minor,
        earned_since=standing.since,
        state=PayoutState.ORDERED if paid.minor else PayoutState.SET_OFF,
        ordered_at=now,
    )


def _book(ordered: Sequence[Payout], found: dict[UUID, Standing], now: datetime) -> None:
    """Book the payouts, and take what that writes on the friends' accounts into them."""
    postings: list[Posting] = []
    for one in ordered:
        netted, _paid = settle(found[one.friend_id].owed)
        for act, worker, set_off, paid in (
            (one.pk, chart.friend(one.friend_id), netted.friend_minor, one.friend_minor),
            (uuid5(one.pk, _PRO), chart.pro(one.friend_id), netted.pro_minor, one.pro_minor),
        ):
            occasion = _occasion(one, act, now)
            postings += [
                cash_netted(occasion, worker=worker, friend_id=one.friend_id, amount=set_off),
                payout_ordered(occasion, worker=worker, amount=paid),
            ]
    keys = post(*postings)
    written = Entry.objects.filter(transaction__key__in=keys, account__friend_id__isnull=False)
    Line.objects.bulk_create(
        Line(payout_id=payout_id, entry_id=entry_id)
        for payout_id, entry_id in written.values_list("transaction__payout_id", "pk")
        if payout_id
    )


def _taken_back(payout: Payout, came_back: bool, now: datetime) -> list[Posting]:
    parts = (
        (payout.pk, chart.friend(payout.friend_id), payout.friend_minor),
        (uuid5(payout.pk, _PRO), chart.pro(payout.friend_id), payout.pro_minor),
    )
    if came_back:
        return [
            payout_returned(_occasion(payout, act, now), provider=chart.BANK, worker=worker, amount=amount)
            for act, worker, amount in parts
        ]
    return [payout_refused(_occasion(payout, act, now), worker=worker, amount=amount) for act, worker, amount in parts]


def _occasion(payout: Payout, act: UUID, now: datetime) -> Occasion:
    return Occasion(
        act=act, currency=payout.currency, on=timezone.localdate(now), at=now, about=About(payout_id=payout.pk)
    )


def _note(friend_ids: Collection[UUID], found: Collection[Standing], currency: str) -> None:
    waits = [
        Waiting(
            friend_id=one.friend_id,
            currency=one.currency,
            amount_minor=one.payable_minor,
            reason=one.reason,
            since=one.since,
        )
        for one in found
        if one.payable_minor > 0
    ]
    kept = {(one.friend_id, one.currency) for one in waits}
    former = Waiting.objects.filter(friend_id__in=friend_ids)
    if currency:
        former = former.filter(currency=currency)
    # In one order, as everybody who writes to several of them.
    locked = former.select_for_update().order_by("friend_id", "currency")
    over = [one.pk for one in locked if (one.friend_id, one.currency) not in kept]
    Waiting.objects.filter(pk__in=over).delete()
    Waiting.objects.bulk_create(
        waits,
        update_conflicts=True,
        unique_fields=["friend_id", "currency"],
        update_fields=["amount_minor", "reason", "since"],
    )
