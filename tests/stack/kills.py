"""``python -m tests.stack.kills``: orders are booked while processes are killed; what was promised still happens.

Runs against a running stack, in its environment. Prints what it saw and exits non-zero at the first untruth.
"""

import os
import signal
import sys
import time
from collections import Counter
from datetime import timedelta

# The journey sets Django up, so it comes first.
from demo.journey.bookings import Booked  # isort: skip
from demo.journey.stage import UntruthError  # isort: skip
from demo.journey.stories import Journey  # isort: skip

from django.conf import settings

from demo.addresses import demo_addresses
from demo.mailbox import Mail
from dispatch.models import Deadline, Offer
from dispatch.states import DeadlineKind, OfferState
from kernel.clock import now
from outbox.models import Message

ORDERS = 4


class Kills(Journey):
    """Journeys whose processes die on the way."""

    def play(self) -> None:
        """Kill worker, broker and web server, each while orders are on their way.

        Raises UntruthError.
        """
        for name in ("worker", "valkey", "web"):
            booked = self.book_while_dying(name)
            self.all_is_told(booked, name)
        self.deadlines_fire(booked[0])

    def book_while_dying(self, name: str) -> list[Booked]:
        """Place orders and kill a part after each of them, but for the web server, which takes the orders."""
        booked = []
        for number in range(ORDERS):
            booked.append(self.book_quickly(number, name))
            self.kill(name)
            if name == "web":
                self.wait(self.is_up, "the web server comes back")
        return booked

    def book_quickly(self, number: int, name: str) -> Booked:
        """Book without waiting for the mail, for whoever sends it may be dead."""
        self.run = f"{name}{number}-{time.time_ns()}"
        return self.book("volthaus", "phone-help", "DE", "10115", "de", waits=False)

    def kill(self, name: str) -> None:
        """Kill -9 a part's main process."""
        pid = int((settings.DATA / f"{name}.pid").read_text())
        os.kill(pid, signal.SIGKILL)
        self.say(f"kill -9 {name}")
        self.wait(lambda: _pid(name) != pid or None, f"{name} is started again")

    def is_up(self) -> bool | None:
        """Say whether the web server answers."""
        try:
            return self.customer_sees_health()
        except OSError:
            return None

    def all_is_told(self, booked: list[Booked], name: str) -> None:
        """Every order has its confirmation and four offers, written once and told."""
        # What somebody wants later, such as in the morning, is no promise for now.
        due = Message.objects.filter(sent_at=None, gave_up_at=None, held_until=None)
        self.wait(lambda: not due.exists() or None, "all is sent")
        self.check(not Message.objects.exclude(last_error="").exists(), "no message was given up", is_quiet=True)
        for order in booked:
            confirmations = [mail for mail in self.mails(order.email) if "/orders/" in mail.text]
            self.check(len(_once(confirmations)) == 1, "the customer has one confirmation", is_quiet=True)
        offers = Counter(Offer.objects.values_list("job__order_number", "friend_id"))
        self.check(max(offers.values()) == 1, "nobody is asked twice for one job", is_quiet=True)
        for order in booked:
            self.all_four_have_heard(self.number_of(order))
        self.say(f"after killing the {name}: nothing lost, nothing twice")

    def all_four_have_heard(self, number: str) -> None:
        """Whoever has an offer of the order has one mail about it, and nobody else has any."""
        offered = sorted(Offer.objects.filter(job__order_number=number).values_list("friend__email", flat=True))
        mails = [mail for mail in self.mails(words=number) if mail.recipient.endswith("@friends.example")]
        told = sorted(one.split()[0] for one in _once(mails))
        self.check(len(offered) == 4, f"four friends have an offer of {number}", is_quiet=True)
        self.check(told == offered, f"each of the four has heard of {number} once", is_quiet=True)

    def deadlines_fire(self, booked: Booked) -> None:
        """A wave whose time is up ends although whoever sweeps deadlines has just died."""
        number = self.number_of(booked)
        wave = Deadline.objects.filter(job__order_number=number, kind=DeadlineKind.WAVE_ENDS, done_at=None)
        over = now() - timedelta(seconds=1)
        # Offers and deadline end together; a deadline before its offers would be taken for one that a question moved.
        Offer.objects.filter(job__order_number=number, state=OfferState.OPEN).update(expires_at=over)
        wave.update(due_at=over)
        self.kill("deadlines")
        self.wait(lambda: Offer.objects.filter(job__order_number=number, wave=2).count() == 4 or None, "wave 2 opens")
        self.say("a deadline that was due while its sweeper died opens the next four offers")

    def number_of(self, booked: Booked) -> str:
        """Return an order's number, which its confirmation holds."""
        return self.number_in(self.mail_to(booked.email, "", after=1))


def _once(mails: list[Mail]) -> set[str]:
    """Return the mails by what makes them one: recipient and Message-ID."""
    return {f"{mail.recipient} {mail.message_id}" for mail in mails}


def _pid(name: str) -> int:
    return int((settings.DATA / f"{name}.pid").read_text())


def main() -> int:
    """Play, and return the exit code."""
    kills = Kills(demo_addresses())
    try:
        kills.play()
    except (UntruthError, LookupError) as untruth:
        kills.say(f"UNTRUE: {untruth}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
