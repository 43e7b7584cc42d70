"""A partner goes into an archive and comes back out of it, whole or not at all (issue 3, point 6 and its bad input)."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django_tenants.utils import schema_exists
from PIL import Image
from pytest_django.fixtures import Settings

from catalog.starter import clear_catalogue
from crowd.models import Candidate, Friend, Membership
from dispatch.models import Deadline, Job, Offer
from journeys.accept_offer import accept_offer
from journeys.book_package import book_package
from journeys.invite_manager import invite_manager
from journeys.leave_platform import ask_to_leave, bring_back, take_leave
from journeys.links import order_token
from journeys.operations import carry_out
from kernel.clock import now
from kernel.errors import DomainError
from orders.models import Answer, Order
from orders.photos import clean_photo
from orders.services import save_photo
from outbox.models import Message
from tenants import archive, media
from tenants.archive import export_tenant
from tenants.context import platform_context, tenant_context
from tenants.domains import add_domain
from tenants.errors import (
    ArchiveDamaged,
    ArchiveMissing,
    ArchiveOfAnotherVersion,
    ArchiveTooLarge,
    SchemaBehind,
    UnableToCreateTenant,
)
from tenants.life_cycle import request_owner
from tenants.models import Domain, Operation, OperationKind, OperationState, Tenant
from tenants.names import role_for
from tenants.provisioning import provision_tenant
from tenants.selectors import CommissionRow, tenant_by_slug
from tenants.services import change_settings, set_commissions
from tests.cast import complete_draft, plant_package, register_friend

WHO = "Olga"
OWN_DOMAIN = "help.ost-partner.example"
# What differs after a deletion and an import by its nature: ids that the database gives, and the hosts.
IDS = {"id", "tenant_id", "community"}


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#123456").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def ost(owner: None, clock: time_machine.Coordinates, tmp_path: Path, settings: Settings) -> Iterator[Tenant]:
    """Return a partner with friends, orders, a photo, pages, settings and history."""
    settings.MEDIA_ROOT, settings.ARCHIVES = tmp_path / "media", tmp_path / "archives"
    tenant = provision_tenant(
        slug="ost", name="Ost", languages=["de", "en"], default_language="de", countries=["DE"], currency="EUR",
        email="hello@ost.example", brand_colour="#336699",
    )  # fmt: skip
    with tenant_context(tenant):
        clear_catalogue()
        plant_package("DE", "EUR")
        invite_manager(
            email="maja@ost.example", first_name="Maja", last_name="Ost", language="de",
            group_name="Community managers", now=now(),
        )  # fmt: skip
    friends = [register_friend(name, km=km, communities=[tenant.pk]) for km, name in enumerate(("Ida", "Jan"), start=1)]
    with tenant_context(tenant):
        draft = complete_draft()
        save_photo(draft=draft, question_key="photo", content=clean_photo(SimpleUploadedFile("a.jpg", picture())))
        assigned = book_package(draft_id=draft.pk, language="de", now=now())
        book_package(draft_id=complete_draft().pk, language="en", now=now())
    job = Job.objects.get(order_id=assigned.uuid)
    accept_offer(job_id=job.pk, friend_id=friends[0].pk, now=now())
    change_settings(tenant=tenant, who=WHO, now=now(), wave_size=3, tagline={"de": 'Hallo\t\\N "ö"', "en": "Hi 'x'"})
    set_commissions(tenant=tenant, rows=[CommissionRow("wifi-setup", "", 900)], who=WHO, now=now())
    add_domain(tenant=tenant, domain=OWN_DOMAIN, who=WHO, now=now())
    yield tenant_by_slug("ost")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE crowd_friend, dispatch_job, outbox_message, tenants_operation CASCADE")
        cursor.execute("DELETE FROM accounts_user WHERE kind = 'friend'")


def everything_of(tenant: Tenant) -> dict[str, list[str]]:
    """Return every row of the schema and of the shared tables, and every file with its hash."""
    found: dict[str, list[str]] = {}
    with platform_context(), connection.cursor() as cursor:
        for table in archive._tables(cursor, tenant.schema_name):
            cursor.execute(f'SELECT to_jsonb(r)::text FROM "{tenant.schema_name}".{table} r')
            found[table] = sorted(row for (row,) in cursor.fetchall())
        for rows in archive._exported():
            query = f"SELECT to_jsonb(r) FROM public.{rows.table} r WHERE {rows.owned} AND {rows.exported}"
            cursor.execute(query, {"tenant": tenant.pk})
            parsed = [archive._parsed(row) for (row,) in cursor.fetchall()]
            hidden = IDS if "id" in rows.fresh else IDS - {"id"}
            found[f"public.{rows.table}"] = sorted(
                json.dumps({name: value for name, value in row.items() if name not in hidden}, sort_keys=True)
                for row in parsed
            )
        cursor.execute("SELECT to_jsonb(t) FROM tenants_tenant t WHERE id = %s", [tenant.pk])
        row = archive._parsed(cursor.fetchone()[0])
        found["tenant"] = [f"{name}: {value}" for name, value in row.items() if name not in {"id", "created_at"}]
        sequences = archive._sequences(cursor, tenant.schema_name)
        found["sequences"] = [f"{name}: {value}" for name, value in sorted(sequences.items())]
    found["domains"] = sorted(Domain.objects.filter(tenant=tenant).values_list("domain", flat=True))
    folder = media.folder_of(tenant.schema_name)
    found["files"] = sorted(
        f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in folder.rglob("*")
        if path.is_file()
    )
    return found


def delete(tenant: Tenant) -> None:
    leaving = ask_to_leave(tenant=tenant, who=WHO, now=now(), even_with_open_jobs=True)
    take_leave(tenant=leaving, now=leaving.delete_due_at)


def traces_of(schema_name: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role_for(schema_name)])
        has_role = cursor.fetchone() is not None
    folder = media.folder_of(schema_name)
    found = {
        "schema": schema_exists(schema_name),
        "role": has_role,
        "tenant": Tenant.objects.filter(schema_name=schema_name).exists(),
        "files": folder.exists(),
        "waiting files": any(folder.parent.glob(".*")),
    }
    return [name for name, is_there in found.items() if is_there]


def test_what_was_exported_comes_back_row_by_row_and_file_by_file(ost: Tenant) -> None:
    before = everything_of(ost)
    with tenant_context(ost):
        order = Order.objects.order_by("id").first()
        path = f"/en/orders/{order_token(order.uuid)}/"
        photo = Answer.objects.exclude(photo="").get().photo.name
    assert len(before["files"]) >= 1
    for table in (
        "orders_order",
        "wagtailcore_page",
        "accounts_user",
        "public.dispatch_offer",
        "public.outbox_message",
        "public.crowd_membership",
    ):
        assert before[table], table
    made = export_tenant(tenant=ost, now=now())
    delete(ost)
    assert traces_of("t_ost") == []
    assert Friend.objects.get(first_name="Ida").open_jobs == 0

    back = bring_back(source=made.path, now=now()).tenant

    after = everything_of(back)
    assert after.keys() == before.keys()
    for part, rows in before.items():
        assert after[part] == rows, part
    assert Client(headers={"host": "ost.localhost"}).get(path).status_code == 200
    with tenant_context(back):
        assert Answer.objects.exclude(photo="").get().photo.name == photo
    ida = Friend.objects.get(first_name="Ida")
    assert ida.open_jobs == 1
    assert Candidate.objects.filter(friend=ida, community=back.pk).exists()


def test_a_partner_that_came_back_goes_on(ost: Tenant) -> None:
    made = export_tenant(tenant=ost, now=now())
    delete(ost)
    back = bring_back(source=made.path, now=now()).tenant

    with tenant_context(back):
        order = book_package(draft_id=complete_draft().pk, language="en", now=now())
        invite_manager(
            email="mona@ost.example", first_name="Mona", last_name="Ost", language="de",
            group_name="Community managers", now=now(),
        )  # fmt: skip

    job = Job.objects.get(order_id=order.uuid)
    assert (job.tenant_id, job.offers.count()) == (back.pk, 2)
    # Triggers are on again.
    with pytest.raises(Exception, match="append"), tenant_context(back), connection.cursor() as cursor:
        cursor.execute("UPDATE orders_orderevent SET who = 'x'")


def test_an_own_domain_comes_back_unverified_with_its_token(ost: Tenant) -> None:
    Domain.objects.filter(domain=OWN_DOMAIN).update(is_verified=True)
    token = Domain.objects.get(domain=OWN_DOMAIN).verification_token
    made = export_tenant(tenant=ost, now=now())
    delete(ost)

    bring_back(source=made.path, now=now())

    domain = Domain.objects.get(domain=OWN_DOMAIN)
    assert (domain.is_verified, domain.verification_token) == (False, token)


def test_a_copy_beside_the_original_is_complete_and_starts_nothing(ost: Tenant) -> None:
    before = everything_of(ost)
    made = export_tenant(tenant=ost, now=now())

    imported = bring_back(source=made.path, slug="ost-two", now=now())

    copy = imported.tenant
    assert copy.schema_name == "t_ost_two"
    assert imported.domains_left_out == (OWN_DOMAIN,)
    assert everything_of(ost) == before
    after = everything_of(copy)
    assert {part: len(rows) for part, rows in after.items()} == {part: len(rows) for part, rows in before.items()} | {
        "public.dispatch_deadline": 0,
        "public.outbox_message": 0,
        "domains": 1,
    }
    jobs = {job.order_id: job.pk for job in Job.objects.filter(tenant_id=copy.pk)}
    with tenant_context(copy):
        assert {order.uuid: order.job_id for order in Order.objects.all()} == jobs
    assert not Job.objects.filter(tenant_id=ost.pk, pk__in=jobs.values()).exists()
    assert set(Offer.objects.filter(job__in=jobs.values()).values_list("community", flat=True)) == {copy.pk}
    assert Client(headers={"host": "ost-two.localhost"}).get("/en/").status_code == 200
    delete(copy)
    assert everything_of(ost) == before


def test_elsewhere_unknown_friends_are_a_first_name_that_is_never_asked(ost: Tenant) -> None:
    made = export_tenant(tenant=ost, now=now())
    delete(ost)
    Friend.objects.all().delete()

    back = bring_back(source=made.path, now=now()).tenant

    ida = Friend.objects.get(first_name="Ida")
    assert (ida.last_name, ida.email, ida.phone, ida.is_active) == ("", "", "", False)
    assert Job.objects.get(tenant_id=back.pk, friend=ida)
    assert not Membership.objects.exists()
    assert not Candidate.objects.exists()
    assert Deadline.objects.filter(job__tenant_id=back.pk).exists()
    assert Message.objects.filter(tenant_id=back.pk).exists()


def test_elsewhere_under_another_slug_jobs_go_on_with_new_ids(ost: Tenant) -> None:
    made = export_tenant(tenant=ost, now=now())
    delete(ost)

    back = bring_back(source=made.path, slug="osten", now=now()).tenant

    job_ids = {str(pk) for pk in Job.objects.filter(tenant_id=back.pk).values_list("pk", flat=True)}
    order_ids = {str(pk) for pk in Job.objects.filter(tenant_id=back.pk).values_list("order_id", flat=True)}
    messages = list(Message.objects.filter(tenant_id=back.pk))
    assert messages
    for message in messages:
        assert message.reference.get("job", next(iter(job_ids))) in job_ids
        assert message.reference.get("order", next(iter(order_ids))) in order_ids
    assert Deadline.objects.filter(job__in=job_ids).exists()


def test_an_archive_holds_no_session_and_no_friends_address(ost: Tenant) -> None:
    made = export_tenant(tenant=ost, now=now())

    with zipfile.ZipFile(made.path) as file:
        names = file.namelist()
        friends = [json.loads(line) for line in file.read("friends.jsonl").splitlines()]
        everything = b"".join(file.read(name) for name in names)
    assert "data/accounts_user.copy" in names
    assert "data/django_session.copy" not in names
    assert {frozenset(friend) for friend in friends} == {frozenset({"id", "first_name"})}
    # Neither is in what an order keeps of its friend, who is the customer's contact.
    assert b"ida@friends.example" not in everything
    assert b"1990-01-01" not in everything
    assert made.path.stat().st_mode & 0o077 == 0


def test_a_taken_name_is_refused_in_words(ost: Tenant) -> None:
    made = export_tenant(tenant=ost, now=now())
    before = everything_of(ost)

    for slug, words in (("", "taken"), ("nord", "taken"), ("app", "reserved"), ("No Way", "lowercase letters")):
        with pytest.raises(UnableToCreateTenant) as refused:
            bring_back(source=made.path, slug=slug, now=now())
        assert words in str(refused.value)
    assert everything_of(ost) == before


def test_a_schema_that_is_behind_is_not_exported(ost: Tenant, settings: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM t_ost.django_migrations WHERE app = 'orders' AND name LIKE '0002%'")

    with pytest.raises(SchemaBehind):
        export_tenant(tenant=ost, now=now())

    assert list(Path(settings.ARCHIVES).iterdir()) == []


# --- Archives that nobody should trust ---------------------------------------------------------------------

Change = Callable[[dict[str, bytes], dict[str, Any]], None]


@pytest.fixture
def good(ost: Tenant) -> Path:
    """Return the archive of a partner that is deleted since."""
    made = export_tenant(tenant=ost, now=now())
    delete(ost)
    return made.path


def rewritten(source: Path, change: Change, *, seal: bool = True) -> Path:
    """Write an archive anew with a change in its members and manifest; sealed, its checksums are right again."""
    with zipfile.ZipFile(source) as file:
        members = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(members, manifest)
    if seal:
        manifest["members"] = {
            name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in members.items()
        }
    target = source.with_name("changed.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
        file.writestr("manifest.json", json.dumps(manifest))
    return target


def spoil_row(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["data/orders_order.copy"] = members["data/orders_order.copy"].replace(b"Ada", b"Eva")


def lose_member(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del members["data/orders_order.copy"]


def add_stranger(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["data/zz_stranger.copy"] = b""


DAMAGES: dict[str, Change] = {"row": spoil_row, "member": lose_member, "stranger": add_stranger}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_the_manifest_does_not_vouch_for_is_refused(good: Path, damage: str) -> None:
    with pytest.raises(ArchiveDamaged, match="Nothing was restored"):
        bring_back(source=rewritten(good, DAMAGES[damage], seal=False), now=now())

    assert traces_of("t_ost") == []


@pytest.mark.parametrize(
    "name",
    ["media/../../escape.txt", "media/../t_nord/x.jpg", "/etc/escape.txt", "media//etc/escape.txt",
     "media/a\\..\\b.txt", "media/c:x.txt", "media/.hidden", "../escape.txt", "media/", "media/a/../b.txt",
     "data/../x.copy", "other.txt"],
)  # fmt: skip
def test_no_name_leads_out_of_the_partners_folder(good: Path, tmp_path: Path, name: str) -> None:
    def slip(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members[name] = b"escaped"

    with pytest.raises(ArchiveDamaged):
        bring_back(source=rewritten(good, slip), now=now())

    assert traces_of("t_ost") == []
    assert not list(tmp_path.rglob("*escape*"))


def drop_orders_job(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["public/dispatch_job.jsonl"] = b""


def drop_order_rows(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["data/orders_order.copy"] = b""


def garble_copy(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["data/orders_order.copy"] = b"not\ta\trow\n"


def garble_lines(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["public/dispatch_job.jsonl"] = b"{not json\n"


def add_column(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    rows = [json.loads(line) | {"extra": 1} for line in members["public/dispatch_job.jsonl"].splitlines()]
    members["public/dispatch_job.jsonl"] = b"\n".join(json.dumps(row).encode() for row in rows)


def add_table(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["tables"]["public.accounts_user"] = ["id"]


def add_sequence(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["sequences"]['x"; DROP SCHEMA public CASCADE; --'] = 1


def spoil_tenant(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
    members["tenant.json"] = b"[]"


LIES: dict[str, Change] = {
    "offers without their job": drop_orders_job,
    "answers without their order": drop_order_rows,
    "no rows": garble_copy,
    "no lines": garble_lines,
    "a column too many": add_column,
    "a table too many": add_table,
    "a sequence too many": add_sequence,
    "no partner": spoil_tenant,
}


@pytest.mark.parametrize("lie", LIES)
def test_rows_that_do_not_fit_leave_nothing_behind(good: Path, lie: str) -> None:
    with pytest.raises(ArchiveDamaged):
        bring_back(source=rewritten(good, LIES[lie]), now=now())

    assert traces_of("t_ost") == []
    assert not Job.objects.exists()
    # The same archive, as it was made, is fine.
    assert bring_back(source=good, now=now()).tenant.slug == "ost"


def test_brand_settings_that_are_not_right_are_refused(good: Path) -> None:
    def paint(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members["tenant.json"] = members["tenant.json"].replace(b"#336699", b"red;} b")

    with pytest.raises(UnableToCreateTenant):
        bring_back(source=rewritten(good, paint), now=now())

    assert traces_of("t_ost") == []


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"no archive at all" * 100])
def test_another_file_is_no_archive(ost: Tenant, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file.zip"
    file.write_bytes(content)

    with pytest.raises(ArchiveDamaged):
        bring_back(source=file, now=now())


def test_a_file_that_ends_too_early_or_was_bent_is_refused(good: Path) -> None:
    whole = good.read_bytes()
    short, bent = good.with_name("short.zip"), good.with_name("bent.zip")
    short.write_bytes(whole[: len(whole) // 2])
    bent.write_bytes(whole[:2000] + bytes(byte ^ 0xFF for byte in whole[2000:2400]) + whole[2400:])

    for source in (short, bent):
        with pytest.raises(ArchiveDamaged):
            bring_back(source=source, now=now())
    assert traces_of("t_ost") == []


def test_a_missing_file_is_said_to_be_missing(ost: Tenant, tmp_path: Path) -> None:
    for source in (tmp_path / "nowhere.zip", tmp_path):
        with pytest.raises(ArchiveMissing):
            bring_back(source=source, now=now())


def test_what_would_burst_is_refused_before_it_is_unpacked(good: Path, settings: Settings) -> None:
    def inflate(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        members["media/bomb.jpg"] = bytes(100 * 1024 * 1024)

    with pytest.raises(ArchiveTooLarge):
        bring_back(source=rewritten(good, inflate), now=now())
    settings.ARCHIVE_MAX_BYTES = 1000
    with pytest.raises(ArchiveTooLarge):
        bring_back(source=good, now=now())
    assert traces_of("t_ost") == []


def test_newer_older_and_unknown_archives_say_what_to_do(good: Path, settings: Settings) -> None:
    def newer(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        manifest.update(version="9.9.9", fingerprint="0", migrations=[*manifest["migrations"], "orders.0099_more"])

    def older(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        manifest.update(version="0.0.1", fingerprint="0", migrations=manifest["migrations"][:-1])

    def unknown(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        manifest.update(format=2)

    for change, words in ((newer, "newer version.*9.9.9"), (older, "older version.*0.0.1"), (unknown, "format 2")):
        with pytest.raises(ArchiveOfAnotherVersion, match=words) as refused:
            bring_back(source=rewritten(good, change), now=now())
        if change is not unknown:
            assert settings.VERSION in str(refused.value)
    assert traces_of("t_ost") == []


def test_a_failure_at_the_very_end_takes_the_files_away_again(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(reader: object, folder: Path) -> None:
        (folder / "half.jpg").write_bytes(b"half")
        raise OSError("the disk is full")

    monkeypatch.setattr(archive, "_load_media", fail)
    with pytest.raises(OSError, match="full"):
        bring_back(source=good, now=now())

    assert traces_of("t_ost") == []


# --- Archives that would write into other partners ------------------------------------------------------------

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
@pytest.mark.parametrize("victim", ["nord", "nobody", "text"])
def test_a_row_in_anothers_name_is_refused(good: Path, table: str, column: str, victim: str) -> None:
    """As a null too: a message of nobody is the platform's."""
    nord = tenant_by_slug("nord")
    before = everything_of(nord)
    value = {"nord": nord.pk, "nobody": None, "text": str(nord.pk)}[victim]

    with pytest.raises(CommandError, match="Nothing was restored"):
        tenant("import", str(rewritten(good, forged(table, **{column: value}))))

    assert everything_of(nord) == before
    assert traces_of("t_ost") == []
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

    back = bring_back(source=rewritten(good, claim), now=now())

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

    back = bring_back(source=made.path, now=now()).tenant

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
    bring_back(source=good, now=now())

    files = [path for path in media.folder_of("t_ost").rglob("*") if path.is_file()]
    assert files
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}


# --- By the owner's worker and from a terminal --------------------------------------------------------------


def test_the_owners_worker_exports(ost: Tenant, settings: Settings) -> None:
    asked = request_owner(kind=OperationKind.EXPORT, tenant=ost, who=WHO, now=now())
    assert request_owner(kind=OperationKind.EXPORT, tenant=ost, who=WHO, now=now()) == asked

    carry_out(now=now())

    done = Operation.objects.get()
    assert (done.state, done.error, done.percent) == (OperationState.DONE, "", 100)
    assert (Path(settings.ARCHIVES) / done.result["file"]).stat().st_size == done.result["size"]


def test_the_worker_imports_and_says_what_is_wrong(good: Path) -> None:
    for request in ({"file": good.name, "slug": "app"}, {"file": f"../{good.name}x"}, {"file": good.name}):
        Operation.objects.create(kind=OperationKind.IMPORT, request=request, who=WHO, created_at=now())

    carry_out(now=now())

    by_request = {one.request.get("slug", one.request["file"]): one for one in Operation.objects.all()}
    assert "reserved" in by_request["app"].error
    assert "no such archive" in by_request[f"../{good.name}x"].error
    assert by_request[good.name].result["slug"] == "ost"


def tenant(*words: str) -> str:
    out = io.StringIO()
    call_command("tenant", *words, stdout=out)
    return out.getvalue()


def test_a_terminal_goes_the_whole_way(ost: Tenant, tmp_path: Path) -> None:
    assert "ost  active  Ost  ost.localhost" in tenant("list")
    assert "suspended" in tenant("suspend", "ost")
    assert "active" in tenant("resume", "ost")
    assert "http://osten.localhost:8000/" in tenant("rename", "ost", "--slug", "osten", "--name", "Osten")
    assert "_quartett-verify.www.ost.example. TXT" in tenant("domain", "add", "osten", "www.ost.example")
    assert "is removed" in tenant("domain", "remove", "osten", "www.ost.example")
    assert ".zip" in tenant("export", "osten", "--folder", str(tmp_path))
    assert "will be deleted on 2026-12-24" in tenant("delete", "osten", "--even-with-open-jobs")
    assert "stays" in tenant("undelete", "osten")
    assert "is deleted" in tenant("delete", "osten", "--even-with-open-jobs", "--days", "0", "--confirm", "osten")
    assert traces_of("t_ost") == []
    assert "http://osten.localhost:8000/" in tenant("import", str(next(tmp_path.glob("*.zip"))))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["suspend", "nobody"], "no partner “nobody”"),
        (["resume", "ost"], "not suspended"),
        (["rename", "ost", "--slug", "app"], "reserved"),
        (["domain", "add", "ost", "nonsense"], "host name"),
        (["domain", "verify", "ost", "nobody.example"], "no such domain"),
        (["domain", "remove", "ost", "ost.localhost"], "cannot be removed"),
        (["export", "nobody"], "no partner"),
        (["import", "nowhere.zip"], "no such archive"),
        (["delete", "ost"], "jobs of this partner are still open"),
        (["delete", "ost", "--days", "0"], "--confirm ost"),
        (["delete", "ost", "--days", "-1"], "0 days or more"),
        (["undelete", "ost"], "not to be deleted"),
    ],
)
def test_a_terminal_says_what_is_wrong_in_one_line(ost: Tenant, words: list[str], said: str) -> None:
    with pytest.raises(CommandError) as refused:
        tenant(*words)

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.returncode == 1
    assert not isinstance(refused.value, DomainError)
