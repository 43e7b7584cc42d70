"""``manage.py take_returned_mail < mail``: what a mail server sends back, as it pipes it into a program."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from journeys.partner.newsletters.returns import take_returned_mail
from kernel.clock import now


class Command(BaseCommand):
    help = "Read one mail from standard input; where it says that a newsletter came back, write to its reader no more."

    def handle(self, *args: Any, **options: Any) -> None:
        is_ours = take_returned_mail(sys.stdin.buffer.read(), now=now())
        self.stdout.write("noted" if is_ours else "nothing of ours")
