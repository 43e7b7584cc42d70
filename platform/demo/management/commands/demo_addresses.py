"""``manage.py demo_addresses [--json]``: where the demo is, and who can sign in."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from demo.addresses import demo_addresses


class Command(BaseCommand):
    help = "Print the addresses and sign-ins of the demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        found = demo_addresses()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found), indent=2))
            return
        rows = [("Start page", found.start_url, ""), ("Mails", found.mail_url, "")]
        rows += [("Operators", found.operators_url, found.operator)]
        rows += [("Friends", found.platform_url, email) for email in found.friends]
        for site in found.sites:
            rows += [(site.name, site.url, ""), (f"{site.name} admin", site.admin_url, site.manager)]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        self.stdout.write("")
        for title, url, login in rows:
            self.stdout.write(f"  {title:<{widths[0]}}  {url:<{widths[1]}}  {login}")
        self.stdout.write(f"\n  Password of every sign-in: {found.password}\n")
