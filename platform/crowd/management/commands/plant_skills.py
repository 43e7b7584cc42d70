"""``manage.py plant_skills``: the tree of skills and the online tests that an installation begins with."""

from typing import Any

from django.core.management.base import BaseCommand

from crowd.starter import plant_skills_and_tests
from kernel.clock import now


class Command(BaseCommand):
    help = "Plant skills and online tests; what is there already is left as it is. Running it again is harmless."

    def handle(self, *args: Any, **options: Any) -> None:
        skills, tests = plant_skills_and_tests(now=now())
        self.stdout.write(f"  {skills} skills, {tests} online tests" if skills or tests else "  up to date")
