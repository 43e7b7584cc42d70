"""See to a partner's own domains."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from kernel.clock import now
from tenants.hosts.domains import add_domain, make_primary, proof_of, remove_domain, verify_domain
from tenants.models import Domain
from tenants.selectors import tenant_by_slug

HELP = "Add, verify, make primary or remove a partner's own domain."

_DOES: dict[str, Callable[..., Domain | None]] = {
    "add": add_domain,
    "verify": verify_domain,
    "primary": make_primary,
    "remove": remove_domain,
}


def add_arguments(parser: ArgumentParser) -> None:
    """Take what to do, the slug and the domain."""
    parser.add_argument("action", choices=_DOES)
    parser.add_argument("slug")
    parser.add_argument("domain")


def handle(options: dict[str, Any], *, say: Callable[[str], None], who: str) -> None:
    """Do it, and say what comes next."""
    found = _DOES[options["action"]](
        tenant=tenant_by_slug(options["slug"]), domain=options["domain"], who=who, now=now()
    )
    if found is None:
        say(f"{options['domain']} is removed.")
        return
    if not found.is_verified:
        proof = proof_of(found)
        say(f'Set this record, then run "tenant domain verify":\n{proof.record}. TXT "{proof.value}"')
        return
    say(f"{found.domain} is served" + (" and is the main domain." if found.is_primary else "."))
