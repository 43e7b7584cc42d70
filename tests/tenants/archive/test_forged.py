"""An archive that somebody has forged writes into no other partner; what it brings is for the process alone."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection

from dispatch.models import Job, Offer
from journeys.order.booking.book_package import book_package
from journeys.partner.leave_platform import restore_partner
from kernel.clock import now
from outbox.models import Message
from tenants.context import tenant_context
from tenants.lifecycle import media
from tenants.lifecycle.archive import export_tenant
from tenants.models import Domain, Tenant
from tenants.selectors import tenant_by_slug
from tests.cast import complete_draft, register_friend
from tests.tenants.archive.archives import OWN_DOMAIN, Change, delete, everything_of, rewritten, tenant, traces_of

Rows = list[dict[str, Any]]


def rows_of(members: dict[str, bytes], table: str) -> Rows:
    return [json.loads(line) for line in members[f"public/{table}.jsonl"].splitlines()]


def write_rows(members: dict[str, bytes], table: str, rows: Rows) -> None:
    members[f"public/{table}.jsonl"] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def forged(table: str, **columns: object) -> Change:
    """Return a change that writes the columns into a table's first row, or into one that is made up."""

    def change(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        rows = rows_of(members, table) or [dict(MADE_UP[table])]
        rows[0] |= columns
        write_rows(members, table, rows)

    return change


MADE_UP: dict[str, dict[str, Any]] = {
    "tenants_supportaccess": {
        "id": "00000000-0000-4000-8000-000000000001", "operator_id": "00000000-0000-4000-8000-000000000002",
        "operator_name": "Mallory", "reason": "x", "granted_at": "2026-11-24T00:00:00Z",
        "ends_at": "2099-01-01T00:00:00Z", "entered_at": None, "ended_at": None,
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("tenants_commission", "tenant_id"),
        ("tenants_settingschange", "tenant_id"),
        ("tenants_supportaccess", "tenant_id"),
        ("crowd_membership", "community"),
        ("dispatch_job", "tenant_id"),
        ("dispatch_job", "community"),
        ("dispatch_offer", "community"),
        ("outbox_message", "tenant_id"),
    ],
)
def test_a_row_in_anothers_name_is_refused(good: Path, table: str, column: str) -> None:
    """As a null too: a message of nobody is the platform's."""
    nord = tenant_by_slug("nord")
    before = everything_of(nord)

    for victim in (nord.pk, None, str(nord.pk)):
        with pytest.raises(CommandError, match="Nothing was restored"):
            tenant("import", str(rewritten(good, forged(table, **{column: victim}))))
        assert traces_of("t_ost") == []

    assert everything_of(nord) == before
    assert not Message.objects.filter(tenant_id=nord.pk).exists()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("dispatch_offer", "job_id"),
        ("dispatch_jobevent", "job_id"),
        ("dispatch_deadline", "job_id"),
        ("dispatch_job", "follows_id"),
        ("outbox_message", "reference"),
    ],
)
def test_a_row_about_anothers_job_is_refused(good: Path, table: str, column: str) -> None:
    nord = tenant_by_slug("nord")
    register_friend("Nils", km=1, communities=[nord.pk])
    with tenant_context(nord):
        booked = book_package(draft_id=complete_draft().pk, language="en", now=now())
    theirs = str(Job.objects.get(order_id=booked.uuid).pk)
    before = everything_of(nord)

    with pytest.raises(CommandError, match="Nothing was restored"):
        tenant(
            "import",
            str(rewritten(good, forged(table, **{column: {"job": theirs} if column == "reference" else theirs}))),
        )

    assert everything_of(nord) == before
    with tenant_context(nord), connection.cursor() as cursor:
        cursor.execute("TRUNCATE orders_order, orders_bookingdraft CASCADE")


def test_a_host_below_the_platforms_own_domain_is_left_out(good: Path) -> None:
    def claim(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        [own] = [row for row in map(json.loads, members["domains.jsonl"].splitlines()) if row["verification_token"]]
        hosts = ("shop.localhost", "localhost", "app.localhost", "no host")
        members["domains.jsonl"] += b"".join(json.dumps(own | {"domain": host}).encode() + b"\n" for host in hosts)

    back = restore_partner(source=rewritten(good, claim), now=now())

    assert set(Domain.objects.filter(tenant=back.tenant).values_list("domain", flat=True)) == {
        "ost.localhost", OWN_DOMAIN,
    }  # fmt: skip
    assert set(back.domains_left_out) == {"shop.localhost", "localhost", "app.localhost", "no host"}


def test_an_offer_in_anothers_community_is_elsewhere_one_of_the_shared_crowd(ost: Tenant) -> None:
    """Whose community it was means nothing where the archive goes."""
    nord = tenant_by_slug("nord")
    Offer.objects.filter(job__tenant_id=ost.pk).update(community=nord.pk)
    made = export_tenant(tenant=ost, now=now())
    delete(ost)

    back = restore_partner(source=made.path, now=now()).tenant

    assert set(Offer.objects.filter(job__tenant_id=back.pk).values_list("community", flat=True)) == {0}


def test_a_file_name_that_no_file_can_have_is_refused_in_words(good: Path) -> None:
    def lengthen(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members[f"media/{'x' * 300}.jpg"] = b"x"

    with pytest.raises(CommandError, match="no such archive"):
        tenant("import", f"{'x' * 300}.zip")
    with pytest.raises(CommandError, match="Nothing was restored"):
        tenant("import", str(rewritten(good, lengthen)))
    assert traces_of("t_ost") == []


def test_the_files_of_an_import_are_for_the_process_alone(good: Path) -> None:
    restore_partner(source=good, now=now())

    files = [path for path in media.folder_of("t_ost").rglob("*") if path.is_file()]
    assert files
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
