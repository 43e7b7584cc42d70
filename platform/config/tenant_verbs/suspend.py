"""Suspend a partner."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from kernel.clock import now
from tenants.lifecycle.life_cycle import suspend_tenant
from tenants.selectors import tenant_by_slug

HELP = "Close a partner's site behind a notice; jobs in flight finish."


def add_arguments(parser: ArgumentParser) -> None:
    """Take the slug."""
    parser.add_argument("slug")


def handle(options: dict[str, Any], *, say: Callable[[str], None], who: str) -> None:
    """Suspend it."""
    tenant = suspend_tenant(tenant=tenant_by_slug(options["slug"]), who=who, now=now())
    say(f"{tenant.name} is suspended.")
