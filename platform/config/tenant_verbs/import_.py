"""Import a partner."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from journeys.partner.leave_platform import restore_partner
from kernel.clock import now
from tenants.isolation.logins import become_owner
from tenants.selectors import tenant_url

HELP = "Make a partner of an archive, all of it or nothing."


def add_arguments(parser: ArgumentParser) -> None:
    """Take the file, and another slug."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--slug", default="", help="another slug than the archive's")


def handle(options: dict[str, Any], *, say: Callable[[str], None], who: str) -> None:
    """Import it."""
    become_owner()
    imported = restore_partner(source=options["file"], slug=options["slug"], now=now())
    say(f"{imported.tenant.name} is at {tenant_url(imported.tenant)}")
    for domain in imported.domains_left_out:
        say(f"Left out, because another partner has it: {domain}")
