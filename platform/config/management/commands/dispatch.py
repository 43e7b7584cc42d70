"""``manage.py dispatch <verb>``: look at dispatch from a terminal. Each verb is a file."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.dispatch_verbs import VERBS
from kernel.errors import DomainError
from tenants.models import Tenant


class Command(BaseCommand):
    help = "Simulate dispatch with other rules, before they are switched on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
        for name, verb in VERBS.items():
            verb.add_arguments(verbs.add_parser(name, help=verb.HELP, description=verb.HELP))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says; a rule's no becomes one line and exit code 1."""
        try:
            VERBS[options["verb"]].handle(options, say=self.stdout.write)
        except Tenant.DoesNotExist as error:
            raise CommandError(f"There is no partner “{options['partner']}”.") from error
        except (DomainError, ValueError) as error:
            raise CommandError(" ".join(str(error).split())) from error
