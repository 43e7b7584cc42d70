"""``python -m tests.stack.storm``: people book, race, decline and cancel while processes die, and no promise breaks.

Runs against a running stack, in its environment. Prints what it saw, the figures as one JSON line at the end, and exits
non-zero at the first untruth. ``--orders`` and ``--kills`` make it longer; ``--seed`` chooses who does what.
"""

import argparse
import http.client
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from typing import TypeVar
from urllib.parse import urlsplit

# The journey sets Django up, so it comes first.
from demo.journey.bookings import is_booked  # isort: skip
from demo.journey.stage import UntruthError  # isort: skip
from demo.journey.stories import Journey  # isort: skip

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from demo.addresses import Addresses, demo_addresses
from demo.mailbox import mails_since
from demo.web import Form, Page, Visitor
from dispatch.models import Deadline, Job, Offer
from dispatch.states import LIVE_OFFERS, DeadlineKind, JobState, OfferState
from journeys.links import order_url
from kernel.clock import now
from orders.models import Order
from orders.states import OrderState
from outbox.models import Message
from tenants.context import tenant_context
from tenants.selectors import tenant_by_slug

Found = TypeVar("Found")

PARTNER = "volthaus"
# Customers live in twelve towns: the friends of one have no room for three hundred open jobs.
PLACES = (
    "10115", "20095", "80331", "50667", "60311", "70173", "44135", "30159", "90402", "01067", "04109", "28195",
)  # fmt: skip
PEOPLE_AT_ONCE = 4
# How long somebody presses a button again before they give up; a database needs the longest to come back.
PATIENCE_S = 90
SETTLED_WITHIN_S = 240
PAUSE_S = 0.3
SIGN_INS = 3
MAIL_HANGS_S = 30
# The promise is five seconds; a machine that runs the whole suite beside the storm gets more.
LATE = timedelta(seconds=int(os.environ.get("QUARTETT_STORM_LATE_S", "5")))
KINDS = ("web", "worker", "deadlines", "scheduler", "valkey", "postgres", "mail")
MAILS = settings.DATA / "mail"


@dataclass
class Away:
    """When the database was away."""

    spans: list[tuple[datetime, datetime]] = field(default_factory=list)

    def covers(self, moment: datetime) -> bool:
        """Say whether the database was away at a moment, or had not been back for long."""
        return any(begun <= moment <= ended + LATE for begun, ended in self.spans)


class Person:
    """Somebody at an address of the loopback of their own, who presses a button again when nothing came of it."""

    def __init__(self, number: int, errors: Counter[str]) -> None:
        self.visitor = Visitor("de", address=f"127.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255 or 1}")
        self.errors = errors

    def get(self, url: str) -> Page:
        """Open an address until it answers."""
        return self._insist(lambda: self.visitor.get(url))

    def submit(self, form: Form, **values: str | list[str]) -> Page:
        """Send a form until it is answered."""
        return self._insist(lambda: self.visitor.submit(form, **values))

    def _insist(self, act: Callable[[], Page]) -> Page:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                page = act()
            # An answer may break off in its middle, when the process that gives it is killed.
            except (OSError, http.client.HTTPException) as error:
                said = type(error).__name__
            else:
                if page.status < 500:
                    return page
                said = str(page.status)
            self.errors[said] += 1
            if time.monotonic() > deadline:
                raise UntruthError(f"no answer within {PATIENCE_S} s: {said}")
            time.sleep(PAUSE_S)


class Storm(Journey):
    """Many people at once, while something dies every few seconds."""

    def __init__(self, addresses: Addresses, *, orders: int, kills: int, seed: int) -> None:
        super().__init__(addresses)
        self.orders, self.kills, self.seed = orders, kills, seed
        self.away, self.errors, self.fates = Away(), Counter[str](), Counter[str]()
        self.people: dict[str, Person] = {}
        self.lock = threading.Lock()
        self.done = threading.Event()
        self.started_at = now()
        self.killed: list[str] = []

    def play(self) -> None:
        """Let them all loose, wait until it is quiet again, and look.

        Raises UntruthError.
        """
        killer = threading.Thread(target=self.kill_one_after_another)
        killer.start()
        try:
            with ThreadPoolExecutor(PEOPLE_AT_ONCE) as pool:
                emails = list(pool.map(self.one_order, range(self.orders)))
        finally:
            self.done.set()
            killer.join()
        self.say(f"{self.orders} orders, {len(self.killed)} kills: {', '.join(self.killed)}")
        self.settle()
        self.look(emails)

    def one_order(self, number: int) -> str:
        """Book, sometimes by pressing the last button twice at once, and let the four decide; return the address."""
        chance = random.Random(self.seed * 1_000_003 + number)
        email = f"storm-{self.run}-{number}@customers.example"
        customer = Person(256 + number, self.errors)
        place = PLACES[number % len(PLACES)]
        self.book_patiently(customer, email, place, twice=chance.random() < 0.3)
        order = self.ask(lambda: self.order_of(email))
        offers = self.ask(lambda: list(Offer.objects.filter(job_id=order.placed_job_id).select_related("friend")))
        fate = chance.choices(("race", "decline", "cancel", "silence"), (5, 2, 2, 1))[0]
        with self.lock:
            self.fates[fate] += 1
        getattr(self, fate)(customer, order, offers)
        return email

    def book_patiently(self, customer: Person, email: str, place: str, *, twice: bool) -> None:
        """Fill in the pages of a booking."""
        site = self.sites[PARTNER]
        page = customer.get(f"{site.url}de/packages/phone-help/book/")
        page = customer.submit(page.form("/book/"), country="DE", postal_code=place)
        page = customer.submit(page.form("/questions/"), **self.ask(lambda: self.answers(PARTNER, "phone-help")))
        page = customer.submit(page.form("/times/"), windows=self.windows(page))
        page = customer.submit(page.form("/contact/"), **self.contact("DE", email))
        page = customer.submit(page.form("/payment/"), method="cash")
        form = page.form("/review/")
        with ThreadPoolExecutor(2) as pool:
            pages = list(pool.map(lambda _press: customer.submit(form, early_start="on"), range(2 if twice else 1)))
        self.check(any(is_booked(page) for page in pages), f"{email} has booked", is_quiet=True)

    def race(  # type: ignore[override]  # what becomes of an order, not the journey's step
        self, customer: Person, order: Order, offers: list[Offer]
    ) -> None:
        """All four accept at once."""
        self.at_once([partial(self.press, offer, "/accept/") for offer in offers])

    def decline(  # type: ignore[override]  # the same
        self, customer: Person, order: Order, offers: list[Offer]
    ) -> None:
        """All four say no at once."""
        self.at_once([partial(self.press, offer, "/decline/", "decline/") for offer in offers])

    def cancel(self, customer: Person, order: Order, offers: list[Offer]) -> None:
        """The customer cancels while two accept."""
        with tenant_context(tenant_by_slug(PARTNER)):
            url = order_url(tenant_by_slug(PARTNER), order.uuid, "de")

        def cancel() -> None:
            page = customer.get(url)
            if "/cancel/" in page.text:
                customer.submit(page.form("/cancel/"), why="")

        self.at_once([cancel, *(partial(self.press, offer, "/accept/") for offer in offers[:2])])

    def silence(self, customer: Person, order: Order, offers: list[Offer]) -> None:
        """Nobody says a word, and the wave's time is up."""

        def end() -> bool:
            over = now()
            Offer.objects.filter(job_id=order.placed_job_id, state=OfferState.OPEN).update(expires_at=over)
            waves = Deadline.objects.filter(job_id=order.placed_job_id, kind=DeadlineKind.WAVE_ENDS, done_at=None)
            waves.update(due_at=over)
            return True

        self.ask(end)

    def press(self, offer: Offer, action: str, page: str = "") -> None:
        """Press a friend's button, where it is still there."""
        friend = self.friend_in_person(offer.friend.email)
        found = friend.get(f"{self.addresses.platform_url}de/jobs/{offer.job_id}/{page}")
        if action in found.text:
            friend.submit(found.form(action), reason="no_time", note="")

    def friend_in_person(self, email: str) -> Person:
        """Return a friend who is signed in."""
        with self.lock:
            person = self.people.get(email)
            if person is None:
                person = self.people[email] = Person(1 << 16 | len(self.people), self.errors)
                sign_in = f"{self.addresses.platform_url}de/sign-in/"
                page = person.get(sign_in)
                for _time in range(SIGN_INS):
                    page = person.submit(page.form("/sign-in/"), username=email, password=self.addresses.password)
                    if "/sign-in/" not in urlsplit(page.url).path:
                        break
                    # The answer before may have broken off; its form is then an old one, and they may be signed in.
                    page = person.get(self.addresses.platform_url + "de/")
                    if "/sign-in/" not in urlsplit(page.url).path:
                        break
                self.check("/sign-in/" not in urlsplit(page.url).path, f"{email} signs in", is_quiet=True)
        return person

    def at_once(self, acts: list[Callable[[], None]]) -> None:
        """Let all act at the same time."""
        if not acts:
            return
        with ThreadPoolExecutor(len(acts)) as pool:
            list(pool.map(lambda act: act(), acts))

    def kill_one_after_another(self) -> None:
        """Kill each kind of process in turn, and let the mail server hang, evenly over the orders."""
        kinds = cycle(KINDS)
        for number in range(1, self.kills + 1):
            while not self.done.wait(PAUSE_S) and self.share_done() < number / (self.kills + 1):
                pass
            name = next(kinds)
            if name == "mail":
                self.hang_mail()
            self.kill(name)
            self.killed.append(name)

    def share_done(self) -> float:
        """Return how much of the orders has met its fate."""
        with self.lock:
            return sum(self.fates.values()) / self.orders

    def kill(self, name: str) -> None:
        """Kill -9 a part's main process, and wait until it is started again."""
        begun, pid = now(), self.pid(name)
        os.kill(pid, signal.SIGKILL)
        self.say(f"kill -9 {name}")
        self.wait(lambda: self.pid(name) != pid or None, f"{name} is started again")
        if name == "postgres":
            self.ask(lambda: Job.objects.exists() or True)
            self.away.spans.append((begun, now()))

    def hang_mail(self) -> None:
        """Let the mail server take connections and say nothing for half a minute."""
        pid = self.pid("mail")
        os.kill(pid, signal.SIGSTOP)
        self.say(f"the mail server hangs for {MAIL_HANGS_S} s")
        time.sleep(MAIL_HANGS_S)
        os.kill(pid, signal.SIGCONT)

    def pid(self, name: str) -> int:
        """Return the number of a part's process."""
        return int((settings.DATA / f"{name}.pid").read_text())

    def order_of(self, email: str) -> Order:
        """Return the order of an address."""
        with tenant_context(tenant_by_slug(PARTNER)):
            return Order.objects.exclude(state=OrderState.DRAFT).get(email=email)

    def ask(self, question: Callable[[], Found]) -> Found:
        """Ask the database until it is there to answer."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                return question()
            except (DatabaseError, InterfaceError) as error:
                connection.close()
                if time.monotonic() > deadline:
                    raise UntruthError(f"the database did not come back: {error}") from error
                time.sleep(PAUSE_S)

    def settle(self) -> None:
        """Wait until nothing is due any more and all is told."""
        deadline = time.monotonic() + SETTLED_WITHIN_S
        while time.monotonic() < deadline:
            waiting = self.ask(lambda: Message.objects.filter(sent_at=None, gave_up_at=None, held_until=None).count())
            due = self.ask(lambda: Deadline.objects.filter(done_at=None, due_at__lte=now()).count())
            if not waiting and not due:
                self.say("all is told, nothing is due")
                return
            time.sleep(PAUSE_S)
        raise UntruthError(f"after {SETTLED_WITHIN_S} s {waiting} messages wait and {due} deadlines are due")

    def look(self, emails: list[str]) -> None:
        """Check what was promised, over everything that has happened.

        Raises UntruthError.
        """
        with tenant_context(tenant_by_slug(PARTNER)):
            orders = list(Order.objects.filter(email__in=emails).exclude(state=OrderState.DRAFT))
        self.check(sorted(order.email for order in orders) == sorted(emails), "each customer has one order")
        jobs = Job.objects.filter(order_id__in=[order.uuid for order in orders])
        self.check(jobs.count() == len(orders), "each order has one job")
        offers = list(Offer.objects.filter(job__in=jobs))
        winners = Counter(offer.job_id for offer in offers if offer.state == OfferState.ACCEPTED)
        self.check(set(winners.values()) <= {1}, "no job has two winners")
        won = {offer.job_id: offer.friend_id for offer in offers if offer.state == OfferState.ACCEPTED}
        assigned = {job.pk: job.friend_id for job in jobs if job.state == JobState.ASSIGNED}
        self.check(assigned.items() <= won.items(), "whoever has a job has won it")
        asked = Counter((offer.job_id, offer.search, offer.friend_id) for offer in offers)
        self.check(set(asked.values()) <= {1}, "nobody is asked twice for one job")
        self.look_for_stuck_jobs(list(jobs), orders, offers)
        twice = self.look_at_mails(orders)
        latest = self.look_at_deadlines(list(jobs))
        figures = {
            "orders": len(orders), "kills": len(self.killed), "fates": dict(self.fates), "won": len(won),
            "answers_missed": dict(self.errors), "mails_twice": twice, "latest_deadline_s": latest,
            "seconds": round(time.monotonic() - self.begun),
        }  # fmt: skip
        print(json.dumps(figures), flush=True)  # noqa: T201  # a terminal's programme

    def look_for_stuck_jobs(self, jobs: list[Job], orders: list[Order], offers: list[Offer]) -> None:
        """Every job that still searches has somebody to wait for, and job and order say the same."""
        waits = set(Deadline.objects.filter(job__in=jobs, done_at=None).values_list("job_id", flat=True))
        open_for = {offer.job_id for offer in offers if offer.state in LIVE_OFFERS}
        stuck = [job for job in jobs if job.state == JobState.SEARCHING and not {job.pk} <= waits & open_for]
        self.check(not stuck, f"no job is stuck {[str(job.pk) for job in stuck] or ''}")
        said = {
            JobState.SEARCHING: OrderState.SEARCHING,
            JobState.ASSIGNED: OrderState.ACCEPTED,
            JobState.CANCELLED: OrderState.CANCELLED,
            JobState.UNFILLED: OrderState.UNFILLED,
        }
        states = {order.uuid: order.state for order in orders}
        apart = [job for job in jobs if states[job.order_id] != said[JobState(job.state)]]
        self.check(not apart, "job and order say the same")

    def look_at_mails(self, orders: list[Order]) -> int:
        """Each customer has heard; return how many mails came twice (a decision of ours: with the same Message-ID)."""
        own = {order.email for order in orders}
        mails = [mail for mail in mails_since(MAILS, self.started_at) if mail.recipient in own]
        self.check({mail.recipient for mail in mails} == own, "each customer has heard of their order")
        self.check(not [mail for mail in mails if "  " in mail.subject], "no subject has a hole")
        return len(mails) - len({(mail.recipient, mail.message_id) for mail in mails})

    def look_at_deadlines(self, jobs: list[Job]) -> float:
        """No deadline was late but while the database was away; return the longest delay besides, in seconds."""
        done = Deadline.objects.filter(job__in=jobs, done_at__gte=self.started_at)
        late = [one.done_at - one.due_at for one in done if one.done_at and not self.away.covers(one.due_at)]
        latest = max(late, default=timedelta(0))
        self.check(latest <= LATE, f"no deadline was late by more than {LATE.seconds} s (the latest by {latest})")
        return round(latest.total_seconds(), 1)


def main() -> int:
    """Play, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=60)
    parser.add_argument("--kills", type=int, default=len(KINDS))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    storm = Storm(demo_addresses(), orders=options.orders, kills=options.kills, seed=options.seed)
    try:
        storm.play()
    except (UntruthError, LookupError) as untruth:
        storm.say(f"UNTRUE: {untruth}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
