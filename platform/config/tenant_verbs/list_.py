"""List the partners."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from tenants.selectors import hosts_of, partners

HELP = "List the partners with their state and their hosts; a host in brackets is not verified."


def add_arguments(parser: ArgumentParser) -> None:
    """Take no arguments."""


def handle(options: dict[str, Any], *, say: Callable[[str], None], who: str) -> None:
    """Write one line a partner."""
    for tenant in partners():
        hosts = (host.domain if host.is_verified else f"({host.domain})" for host in hosts_of(tenant))
        due = f" until {tenant.delete_due_at:%Y-%m-%d %H:%M} UTC" if tenant.delete_due_at else ""
        say(f"{tenant.slug}  {tenant.state}{due}  {tenant.name}  {', '.join(hosts)}")
