"""Rename a partner."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from kernel.clock import now
from tenants.lifecycle.life_cycle import rename_tenant
from tenants.selectors import tenant_by_slug, tenant_url

HELP = "Give a partner another name, another slug, or both; its old host leads to the new one."


def add_arguments(parser: ArgumentParser) -> None:
    """Take the slug, and what is new."""
    parser.add_argument("slug")
    parser.add_argument("--name", help="the brand's new name")
    parser.add_argument("--slug", dest="new_slug", help="the new slug")


def handle(options: dict[str, Any], *, say: Callable[[str], None], who: str) -> None:
    """Rename it."""
    tenant = tenant_by_slug(options["slug"])
    name = tenant.name if options["name"] is None else options["name"]
    slug = tenant.slug if options["new_slug"] is None else options["new_slug"]
    renamed = rename_tenant(tenant=tenant, name=name, slug=slug, who=who, now=now())
    say(f"{renamed.name} is at {tenant_url(renamed)}")
