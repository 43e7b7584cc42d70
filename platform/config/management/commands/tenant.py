"""``manage.py tenant <verb>``: what an operator does to partners from a terminal. Each verb is a file."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.tenant_verbs import VERBS
from kernel.errors import DomainError
from tenants.models import Tenant


class Command(BaseCommand):
    help = "List, create, suspend, resume, rename, export, import or delete partners, and see to their domains."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
        for name, verb in VERBS.items():
            one = verbs.add_parser(name, help=verb.HELP, description=verb.HELP)
            verb.add_arguments(one)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what the verb says; a rule's no becomes one line and exit code 1."""
        try:
            VERBS[options["verb"]].handle(options, say=self.stdout.write, who=_who())
        except Tenant.DoesNotExist as error:
            raise CommandError(f"There is no partner “{options['slug']}”.") from error
        except DomainError as error:
            raise CommandError(" ".join(str(error).split())) from error


def _who() -> str:
    """Name the person at the terminal for the history."""
    try:
        return f"{getpass.getuser()} (manage.py)"
    except (KeyError, OSError):
        # A container's user need not have a name.
        return "manage.py"
