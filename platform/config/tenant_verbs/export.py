"""Export a partner."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kernel.clock import now
from tenants.isolation.logins import become_owner
from tenants.lifecycle.archive import export_tenant
from tenants.selectors import tenant_by_slug

HELP = "Write everything that a partner owns into one archive. It holds personal data: keep it safe."


def add_arguments(parser: ArgumentParser) -> None:
    """Take the slug, and where to."""
    parser.add_argument("slug")
    parser.add_argument("--folder", type=Path, help="where to; without it the data folder's archives/")


def handle(options: dict[str, Any], *, say: Callable[[str], None], who: str) -> None:
    """Export it."""
    become_owner()
    made = export_tenant(tenant=tenant_by_slug(options["slug"]), folder=options["folder"], now=now())
    say(f"{made.path} ({made.size} bytes, {made.rows} rows, {made.files} files)")
