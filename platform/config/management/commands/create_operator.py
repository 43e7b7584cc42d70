"""``manage.py create_operator --email … --name …``: a sign-in for an operator of the platform."""

import sys
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import EmailIsTaken
from accounts.operators import register_operator
from tenants.context import platform_context


class Command(BaseCommand):
    help = "Create an operator. Asks for the password; where there is no terminal, reads it from the first line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        password = _ask() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            with platform_context():
                operator = register_operator(email=email, name=name, password=password)
        except EmailIsTaken as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{operator} <{operator.email}> is an operator now.")


def _ask() -> str:
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise CommandError("The two passwords differ.")
    return password
