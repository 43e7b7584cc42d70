"""All that a partner owns as one file, and a partner made of such a file. Needs the owner's login.

An archive is a zip of ``manifest.json``, ``data/<table>.copy`` (the partner's schema, as PostgreSQL's COPY writes it),
``public/<table>.jsonl`` (its rows of shared tables), ``tenant.json``, ``friends.jsonl`` (whom the rows name, by id and
first name only) and ``media/…``. docs/decisions/0015 says what is left out and why.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from kernel.web.themes import theme_by_slug
from tenants.context import platform_context
from tenants.errors import ArchiveDamaged, ArchiveOfAnotherVersion, SchemaBehind
from tenants.hosts.domains import follow_primary_host, plain_host
from tenants.isolation.roles import app_login, grant_tenant
from tenants.lifecycle import media
from tenants.lifecycle.archive_files import CHUNK, Reader, Writer
from tenants.lifecycle.operations import Progress, tell_nobody
from tenants.lifecycle.provisioning import make_schema, register_tenant
from tenants.lifecycle.renewal import Renewal
from tenants.lifecycle.shared_rows import RENEWED_IN_SCHEMA, SHARED_ROWS, STILLED_IN_SCHEMA, SharedRows
from tenants.lifecycle.template import template_sql
from tenants.migrating.migrations_on_disk import fingerprint, migrations_on_disk
from tenants.models import PUBLIC, Domain, Tenant, TenantState
from tenants.settings.rules import host_fault

# Takes the friends that the rows name, sees to it that each of them has a row, and returns the ids that were known.
MeetFriends = Callable[[Sequence[dict[str, str]]], set[str]]

FORMAT = 1
# Sessions are worth nothing elsewhere, and keys open one installation; the migrations are the schema's, not the
# partner's.
LEFT_OUT = frozenset(
    {"django_session", "django_migrations", "developers_key", "developers_keyact", "developers_keptanswer"}
    | {"developers_endpoint", "developers_delivery"}
)
ROWS_A_BATCH = 500
# Columns of the partner's row that the new installation decides on.
OWN_COLUMNS = frozenset(
    {"id", "schema_name", "slug", "theme_css", "theme_hash", "created_at", "delete_due_at", "state", "pages_version"}
    | {"sandbox_of_id", "clock_ahead"}
)


@dataclass(frozen=True)
class Exported:
    """An archive that was made."""

    path: Path
    size: int
    rows: int
    files: int


@dataclass(frozen=True)
class Imported:
    """A partner that was made of an archive, and those of its own domains that are taken or impossible here."""

    tenant: Tenant
    domains_left_out: tuple[str, ...]


def export_tenant(
    *, tenant: Tenant, now: datetime, folder: Path | None = None, progress: Progress = tell_nobody
) -> Exported:
    """Write the partner's archive and return where it is.

    All rows are of one moment: they are read in one snapshot, on a connection of its own. Nothing is held in memory
    but the manifest. Raises SchemaBehind.
    """
    folder = folder or Path(settings.ARCHIVES)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{tenant.slug}-{now:%Y%m%d-%H%M%S}.zip"
    partial = path.with_suffix(".partial")
    try:
        with Writer(partial) as writer:
            manifest = _write_rows(writer, tenant, progress)
            progress("files", 70)
            count = _write_media(writer, tenant)
            writer.finish(manifest | _about(tenant, now))
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    progress("done", 100)
    rows = sum(manifest["counts"].values())
    return Exported(path, path.stat().st_size, rows, count)


def import_tenant(
    *,
    source: Path,
    slug: str = "",
    now: datetime,
    meet_friends: MeetFriends,
    progress: Progress = tell_nobody,
) -> Imported:
    """Make a partner of an archive, under its slug or another one, and return it; or leave nothing behind.

    Raises ArchiveMissing, ArchiveDamaged, ArchiveTooLarge, ArchiveOfAnotherVersion, UnableToCreateTenant with the
    faults by field, or TemplateOutOfDate.
    """
    with Reader(source) as reader:
        progress("check", 5)
        manifest = reader.manifest
        _check_version(manifest)
        reader.check_members()
        sql = template_sql()
        raw = reader.record("tenant.json")
        try:
            with platform_context(), transaction.atomic():
                progress("register", 30)
                tenant = _register(raw, slug or manifest["slug"], now)
                renewal = Renewal.between(manifest, tenant)
                progress("schema", 35)
                make_schema(tenant.schema_name, sql)
                progress("rows", 45)
                _load_schema(reader, tenant.schema_name, renewal)
                _load_shared_rows(reader, renewal, meet_friends)
                left_out = _add_domains(reader, tenant)
                progress("rights", 75)
                grant_tenant(tenant.schema_name, app_login=app_login())
                follow_primary_host(tenant)
                progress("files", 80)
                with media.arriving(tenant.schema_name) as folder:
                    _load_media(reader, folder)
        except (IntegrityError, DataError, ValidationError, LookupError, TypeError, ValueError) as error:
            # The checksums are right, so whoever made the file wrote what no export writes.
            raise ArchiveDamaged(_("its rows are inconsistent")) from error
    progress("done", 100)
    return Imported(tenant, tuple(left_out))


# --- Writing -----------------------------------------------------------------------------------------------


def _write_rows(writer: Writer, tenant: Tenant, progress: Progress) -> dict[str, Any]:
    """Write everything that comes out of the database and return what the manifest says of it."""
    snapshot = connection.copy()
    try:
        with snapshot.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            _check_schema(cursor, tenant.schema_name)
            writer.json(
                "tenant.json", _one(cursor, "SELECT to_jsonb(t) FROM public.tenants_tenant t WHERE id = %s", tenant.pk)
            )
            domains = "SELECT to_jsonb(d) FROM public.tenants_domain d WHERE tenant_id = %s ORDER BY id"
            counts = {"domains": writer.lines("domains.jsonl", _rows(cursor, domains, [tenant.pk]))}
            progress("shared", 10)
            for rows in _exported():
                owned = f"{rows.owned} AND {rows.exported}"
                query = f"SELECT {_written(rows)} FROM public.{rows.table} r WHERE {owned} ORDER BY r.id"
                counts[rows.table] = writer.lines(
                    f"public/{rows.table}.jsonl", _rows(cursor, query, {"tenant": tenant.pk})
                )
            counts["friends"] = writer.lines("friends.jsonl", _rows(cursor, _friends_query(), {"tenant": tenant.pk}))
            tables = _tables(cursor, tenant.schema_name)
            for place, (table, columns) in enumerate(sorted(tables.items())):
                progress("tables", 20 + 50 * place // len(tables))
                with writer.member(f"data/{table}.copy") as target:
                    cursor.copy_expert(f"COPY {_name(tenant.schema_name, table)} ({_list(columns)}) TO STDOUT", target)
                    counts[table] = cursor.rowcount
            sequences = _sequences(cursor, tenant.schema_name)
            cursor.execute("COMMIT")
    finally:
        snapshot.close()
    return {"tables": tables, "sequences": sequences, "counts": counts}


def _write_media(writer: Writer, tenant: Tenant) -> int:
    """Write the files; one that vanishes meanwhile belonged to a booking that was forgotten."""
    folder, count = media.folder_of(tenant.schema_name), 0
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            try:
                with path.open("rb") as source:
                    writer.file(f"media/{path.relative_to(folder).as_posix()}", source)
            except FileNotFoundError:
                continue
            count += 1
    return count


def _about(tenant: Tenant, now: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": settings.VERSION,
        "fingerprint": fingerprint(),
        "migrations": sorted(f"{app}.{name}" for app, name in migrations_on_disk()),
        "schema_name": tenant.schema_name,
        "slug": tenant.slug,
        "name": tenant.name,
        "tenant_id": tenant.pk,
        "made_at": now.isoformat(),
    }


def _check_schema(cursor: Any, schema_name: str) -> None:
    """Refuse a schema that lacks migrations: its archive would say of itself what is not true."""
    cursor.execute(f"SELECT app, name FROM {_name(schema_name, 'django_migrations')}")
    if migrations_on_disk() - set(cursor.fetchall()):
        raise SchemaBehind


def _friends_query() -> str:
    """Return the query for the friends that the exported rows name, by id and first name."""
    named = " UNION ".join(
        f"SELECT r.{rows.friend} FROM public.{rows.table} r WHERE {rows.owned} AND {rows.exported}"
        for rows in _exported()
        if rows.friend
    )
    return (
        "SELECT jsonb_build_object('id', f.id, 'first_name', f.first_name) FROM public.crowd_friend f"
        f" WHERE f.id IN ({named}) ORDER BY f.id"
    )


def _written(rows: SharedRows) -> str:
    """Return the expression of a row as it is exported: another partner's community is elsewhere the shared crowd."""
    if "community" not in rows.tenant:
        return "to_jsonb(r)"
    own = "CASE WHEN r.community = %(tenant)s THEN r.community ELSE 0 END"
    return f"to_jsonb(r) || jsonb_build_object('community', {own})"


def _exported() -> list[SharedRows]:
    return [rows for rows in SHARED_ROWS if rows.exported]


# --- Reading -----------------------------------------------------------------------------------------------


def _check_version(manifest: dict[str, Any]) -> None:
    """Refuse an archive of other migrations, saying which side has to be brought up to date."""
    if manifest["format"] != FORMAT:
        raise ArchiveOfAnotherVersion(
            _("This archive has format %(theirs)s, and this installation reads format %(ours)s.")
            % {"theirs": manifest["format"], "ours": FORMAT}
        )
    if manifest["fingerprint"] == fingerprint():
        return
    versions = {"theirs": manifest["version"], "ours": settings.VERSION}
    here = {f"{app}.{name}" for app, name in migrations_on_disk()}
    if set(manifest["migrations"]) - here:
        raise ArchiveOfAnotherVersion(
            _(
                "This archive comes from a newer version (%(theirs)s; here is %(ours)s). Bring this installation up to "
                "date first."
            )
            % versions
        )
    raise ArchiveOfAnotherVersion(
        _(
            "This archive comes from an older version (%(theirs)s; here is %(ours)s). Bring the installation that made "
            "it up to date, and export the partner again."
        )
        % versions
    )


def _register(raw: dict[str, Any], slug: str, now: datetime) -> Tenant:
    """Write the partner's row and its host on the platform; closed where the archive's was."""
    columns = {field.attname: field for field in Tenant._meta.concrete_fields}
    fields = {name: columns[name].to_python(value) for name, value in raw.items() if name not in OWN_COLUMNS}
    # A theme that is not installed here is no reason to turn a partner away.
    fields["theme"] = theme_by_slug(str(fields.get("theme", ""))).slug
    is_closed = raw["state"] != TenantState.ACTIVE
    state = TenantState.SUSPENDED if is_closed else TenantState.ACTIVE
    suspended_at = (fields.pop("suspended_at") or now) if is_closed else None
    return register_tenant(slug, "", fields | {"state": state, "suspended_at": suspended_at})


def _load_schema(reader: Reader, schema_name: str, renewal: Renewal) -> None:
    """Replace the template's rows by the archive's."""
    with connection.cursor() as cursor:
        tables = _tables(cursor, schema_name)
        if tables != {table: list(columns) for table, columns in reader.manifest["tables"].items()}:
            raise ArchiveDamaged(_("its tables differ from ours"))
        names = [_name(schema_name, table) for table in tables]
        # What triggers refuse was refused when it was written; here an order comes before its answers.
        cursor.execute("; ".join(f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in names))
        # Few tables hold a row, and truncating all would make each of their indexes anew. The sequences are set below.
        # Sessions of the template: none, but who knows.
        cursor.execute("; ".join(f"DELETE FROM {name}" for name in [*names, _name(schema_name, "django_session")]))
        for table, columns in tables.items():
            with reader.member(f"data/{table}.copy") as source, connection.wrap_database_errors:
                cursor.copy_expert(f"COPY {_name(schema_name, table)} ({_list(columns)}) FROM STDIN", source)
        if renewal.is_renewing:
            for table, column in RENEWED_IN_SCHEMA:
                cursor.execute(f"UPDATE {_name(schema_name, table)} SET {column} = {renewal.in_sql(column)}")
        if renewal.is_beside_original:
            for table, change, where in STILLED_IN_SCHEMA:
                cursor.execute(f"UPDATE {_name(schema_name, table)} SET {change} WHERE {where}")
        _check_foreign_keys(cursor)
        cursor.execute("; ".join(f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in names))
        if set(_sequences(cursor, schema_name)) != set(reader.manifest["sequences"]):
            raise ArchiveDamaged(_("its tables differ from ours"))
        for sequence, value in reader.manifest["sequences"].items():
            is_used = [value or 1, value is not None]
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [_name(schema_name, sequence), *is_used])


def _load_shared_rows(reader: Reader, renewal: Renewal, meet_friends: MeetFriends) -> None:
    known: set[str] = set()
    for friends in _batches(reader.lines("friends.jsonl")):
        known |= meet_friends(friends)
    for rows in _exported():
        if rows.is_in_flight and renewal.is_beside_original:
            continue
        for batch in _batches(reader.lines(f"public/{rows.table}.jsonl")):
            fitting = (row for row in batch if not rows.needs_known_friend or row[rows.friend] in known)
            _insert(rows, [renewal.row(rows, row) for row in fitting])
    renewal.check_followed()
    with connection.cursor() as cursor:
        _check_foreign_keys(cursor)


def _insert(rows: SharedRows, batch: list[dict[str, Any]]) -> None:
    with connection.cursor() as cursor:
        columns = [column for column in _tables(cursor, PUBLIC, rows.table)[rows.table] if column not in rows.fresh]
        if any(set(row) != set(columns) for row in batch):
            raise ArchiveDamaged(rows.table)
        cursor.execute(
            f"INSERT INTO public.{rows.table} ({_list(columns)}) SELECT {_list(columns)}"
            f" FROM jsonb_populate_recordset(NULL::public.{rows.table}, %s::jsonb)",
            [json.dumps(batch)],
        )


def _check_foreign_keys(cursor: Any) -> None:
    """Let the database look at deferred keys now, while a fault is still one of the archive's."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _add_domains(reader: Reader, tenant: Tenant) -> list[str]:
    """Note the partner's own domains, to be verified here with the same token; return those that it cannot have."""
    taken = []
    for row in reader.lines("domains.jsonl"):
        host = plain_host(row["domain"])
        if not row["verification_token"]:
            # A host on the platform that made the archive.
            continue
        # Hosts below the platform's own domain are its to give.
        if host_fault(host) or Domain.objects.filter(domain=host).exists():
            taken.append(host)
            continue
        Domain.objects.create(
            tenant=tenant,
            domain=host,
            is_primary=False,
            is_verified=False,
            verification_token=row["verification_token"],
        )
    return taken


def _load_media(reader: Reader, folder: Path) -> None:
    for name in reader.media():
        target = folder / name.removeprefix("media/")
        target.parent.mkdir(parents=True, exist_ok=True)
        with reader.member(name) as source, target.open("xb") as out:
            target.chmod(0o600)
            shutil.copyfileobj(source, out, CHUNK)


# --- Catalog -----------------------------------------------------------------------------------------------


def _tables(cursor: Any, schema_name: str, table: str = "") -> dict[str, list[str]]:
    """Return the tables of a schema that hold data, or one of them, with the columns that may be written."""
    cursor.execute(
        """
        SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE n.nspname = %s AND c.relkind = 'r' AND (%s = '' OR c.relname = %s)
           AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
         GROUP BY c.relname
        """,
        [schema_name, table, table],
    )
    return {name: columns for name, columns in cursor.fetchall() if name not in LEFT_OUT}


def _sequences(cursor: Any, schema_name: str) -> dict[str, int | None]:
    """Return how far each sequence is; None for one that was never used."""
    cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s", [schema_name])
    return dict(cursor.fetchall())


def _rows(cursor: Any, query: str, params: Any) -> Iterator[Any]:
    """Read many rows in bounded memory, by a cursor of the server's."""
    cursor.execute(f"DECLARE exported NO SCROLL CURSOR FOR {query}", params)
    while True:
        cursor.execute(f"FETCH {ROWS_A_BATCH} FROM exported")
        found = cursor.fetchall()
        if not found:
            break
        yield from (_parsed(value) for (value,) in found)
    cursor.execute("CLOSE exported")


def _one(cursor: Any, query: str, *params: Any) -> Any:
    cursor.execute(query, params)
    return _parsed(cursor.fetchone()[0])


def _parsed(value: Any) -> Any:
    """Return JSON as objects; Django keeps the driver from doing it."""
    return json.loads(value) if isinstance(value, str) else value


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_A_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _name(schema_name: str, name: str) -> str:
    return f"{connection.ops.quote_name(schema_name)}.{connection.ops.quote_name(name)}"


def _list(columns: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)
