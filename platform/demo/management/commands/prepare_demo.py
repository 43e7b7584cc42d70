"""``manage.py prepare_demo``: all that comes before the first process of ``make run``, in one process."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

# Each returns at once where there is nothing to do. The languages come first: whoever reads one keeps it.
STEPS = (
    ("Compiling the languages", "compile_catalogues"),
    ("Bringing the database up to date", "migrate"),
    ("Importing the places", "import_postal_codes"),
    ("Planting skills and online tests", "plant_skills"),
    ("Planting the demo", "seed_demo"),
)


class Command(BaseCommand):
    help = "Compile the languages, bring the database up to date and plant the demo; what is there is left as it is."
    # As those of migrate: the processes that are started next look.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for title, command in STEPS:
            self.stdout.write(f"{title} …")
            self.stdout.flush()
            call_command(command, stdout=self.stdout, stderr=self.stderr)
