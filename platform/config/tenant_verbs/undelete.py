"""Keep a partner that was to be deleted."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from kernel.clock import now
from tenants.lifecycle.life_cycle import undo_deletion
from tenants.selectors import tenant_by_slug

HELP = "Take the request to delete a partner back."


def add_arguments(parser: ArgumentParser) -> None:
    """Take the slug."""
    parser.add_argument("slug")


def handle(options: dict[str, Any], *, say: Callable[[str], None], who: str) -> None:
    """Keep it."""
    tenant = undo_deletion(tenant=tenant_by_slug(options["slug"]), who=who, now=now())
    say(f"{tenant.name} stays ({tenant.state}).")
