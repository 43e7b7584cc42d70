"""A payout run over 100,000 friends that is killed half way and resumed, and what memory it takes against 10,000."""

import multiprocessing
import os
import re
import signal
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Count, Sum

from journeys.money.payouts.pay_out import order_part
from kernel.clock import now
from ledger import chart
from ledger.events import Occasion, job_done
from ledger.selectors import balance_of
from ledger.services import About, post
from payouts.models import BankAccount, Payout, Run
from tests.bench.figures import Figure
from tests.databases import as_owner, empty_the_books

FEW, MANY = 10_000, 100_000
PART = 1_000
CURRENCY, EARNED = "EUR", 7_920
IBAN = "DE89370400440532013000"
TENANT = 900_002
PATIENCE_S = 1_800
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


def payout_run() -> Iterator[Figure]:
    """Pay everybody: payouts each second, those that were paid twice or not at all, and the run's peak of memory."""
    _empty()
    try:
        _plant(FEW)
        peak_of_few = _finish(_begin(FEW))
        _empty()
        _plant(MANY)
        run = _begin(MANY)
        begun = time.perf_counter()
        killed = _start(run)
        _wait_until(run, MANY // 2)
        peak = _peak_kb(killed.pid)
        os.kill(killed.pid or 0, signal.SIGKILL)
        killed.join()
        peak = max(peak, _finish(run))
        taken = time.perf_counter() - begun
        of_run = Payout.objects.filter(run=run)
        paid = of_run.aggregate(friends=Count("friend_id", distinct=True), payouts=Count("id"), sum=Sum("amount_minor"))
        more = {
            "twice": paid["payouts"] - paid["friends"],
            "missed": MANY - paid["friends"],
            "off_minor": balance_of(chart.UNDER_WAY, CURRENCY) - MANY * EARNED,
        }
        yield Figure("payout-run", round(MANY / taken, 1), "payouts/s", more=more)
        yield Figure("payout-run.peak", peak, "kB", baseline=peak_of_few)
    finally:
        _empty()


def _plant(friends: int) -> None:
    """Let so many friends have earned the same, and tell where they are paid."""
    moment = now()
    for _part in range(friends // PART):
        ids = [uuid4() for _friend in range(PART)]
        BankAccount.objects.bulk_create(
            BankAccount(friend_id=one, holder="Ben Muster", iban=IBAN, entered_at=moment) for one in ids
        )
        post(
            *(
                job_done(
                    Occasion(one, CURRENCY, moment.date(), moment, About(tenant_id=TENANT, order_id=one, job_id=one)),
                    tenant_id=TENANT,
                    worker=chart.friend(one),
                    price=EARNED,
                )
                for one in ids
            )
        )
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE ledger_account, ledger_entry, ledger_transaction, payouts_bankaccount")


def _begin(friends: int) -> UUID:
    return Run.objects.create(currency=CURRENCY, asked_by=f"bench {friends}", begun_at=now()).pk


def _start(run: UUID) -> BaseProcess:
    """Carry the run out in a process of its own, whose peak of memory counts from here."""
    connection.close()
    process = multiprocessing.get_context("fork").Process(target=_carry_out, args=(run,))
    process.start()
    return process


def _carry_out(run: UUID) -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    moment = now()
    while order_part(run_id=run, now=moment) is not None:
        pass
    _noted(run).write_text(str(_peak_kb(os.getpid())), encoding="ascii")


def _finish(run: UUID) -> int:
    """Carry the run out to its end and return the peak of memory in kB."""
    process = _start(run)
    process.join()
    note = _noted(run)
    peak = int(note.read_text(encoding="ascii"))
    note.unlink()
    return peak


def _noted(run: UUID) -> Path:
    return Path(f"/tmp/quartett-bench-{run.hex}")  # two processes of one benchmark


def _peak_kb(pid: int | None) -> int:
    found = PEAK.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1])


def _wait_until(run: UUID, payouts: int) -> None:
    ends = time.monotonic() + PATIENCE_S
    while Run.objects.get(pk=run).payouts_count < payouts:
        if time.monotonic() > ends:
            raise TimeoutError(f"{payouts} payouts were not reached")
        time.sleep(0.02)


def _empty() -> None:
    with as_owner(), connection.cursor() as cursor:
        empty_the_books(cursor)
