"""Delete a partner after a grace period."""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from journeys.partner.leave_platform import ask_to_leave, delete_partner_and_free_friends
from kernel.clock import now
from tenants.isolation.logins import become_owner
from tenants.selectors import tenant_by_slug

HELP = "Close a partner's site and delete all of it after a grace period; with --days 0 at once."


def add_arguments(parser: ArgumentParser) -> None:
    """Take the slug, the grace period, and what is done about open jobs."""
    parser.add_argument("slug")
    parser.add_argument("--days", type=int, default=settings.DELETION_GRACE.days, help="the grace period")
    parser.add_argument("--even-with-open-jobs", action="store_true", help="also while jobs are in flight")
    parser.add_argument("--confirm", metavar="SLUG", default="", help="the slug once more; needed with --days 0")


def handle(options: dict[str, Any], *, say: Callable[[str], None], who: str) -> None:
    """Ask for it, or do it."""
    tenant, days, moment = tenant_by_slug(options["slug"]), options["days"], now()
    if days < 0:
        raise CommandError("The grace period is 0 days or more.")
    if days == 0 and options["confirm"] != tenant.slug:
        raise CommandError(f"To delete at once, and for good, add: --confirm {tenant.slug}")
    if days == 0:
        become_owner()
    leaving = ask_to_leave(
        tenant=tenant,
        who=who,
        now=moment,
        grace=timedelta(days=days),
        even_with_open_jobs=options["even_with_open_jobs"],
    )
    if days:
        say(f"{tenant.name} will be deleted on {leaving.delete_due_at:%Y-%m-%d}. Until then: tenant undelete.")
        return
    delete_partner_and_free_friends(tenant=leaving, now=moment)
    say(f"{tenant.name} is deleted.")
