"""``manage.py replay_stripe_events``: let payments be looked at once more about which a webhook came since a moment."""

from argparse import ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware

from kernel.clock import now
from stripe_gateway.services import replay_events


def moment(text: str) -> datetime:
    """Return a moment; without a zone it is one of the server's."""
    found = parse_datetime(text)
    if found is None:
        raise ArgumentTypeError(f"{text} is no moment such as 2026-11-28T12:00")
    return make_aware(found) if is_naive(found) else found


class Command(BaseCommand):
    help = "Let all card payments be looked at once more about which a webhook came since a moment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=moment, required=True, help="for example 2026-11-28T12:00")

    def handle(self, *args: Any, since: datetime, **options: Any) -> None:
        replayed = replay_events(since=since, now=now())
        self.stdout.write(f"{replayed} payments are looked at.")
