"""``manage.py import_postal_codes``: bring the postal codes up to the data file."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from places.services import import_postal_codes


class Command(BaseCommand):
    help = "Import the postal codes of CH, DE, AT and PL (GeoNames, CC BY 4.0). Running it again is harmless."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="import even where the file has not changed")

    def handle(self, *args: Any, **options: Any) -> None:
        count = import_postal_codes(
            report=lambda done: self.stdout.write(f"  {done:,} postal codes"), force=options["force"]
        )
        self.stdout.write("  up to date" if count is None else f"  done: {count:,} postal codes")
