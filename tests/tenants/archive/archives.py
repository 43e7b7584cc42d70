"""What tests of archives need: all that a partner has, what is left of it, and archives that somebody has changed."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django_tenants.utils import schema_exists
from PIL import Image

from journeys.partner.leave_platform import ask_to_leave, delete_partner_and_free_friends
from kernel.clock import now
from tenants.context import platform_context
from tenants.isolation.names import role_for
from tenants.lifecycle import archive, media
from tenants.models import Domain, Tenant

WHO = "Olga"
OWN_DOMAIN = "help.ost-partner.example"
# What differs after a deletion and an import by its nature: ids that the database gives, and the hosts.
IDS = {"id", "tenant_id", "community"}
Change = Callable[[dict[str, bytes], dict[str, Any]], None]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#123456").save(out, "JPEG")
    return out.getvalue()


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
        fresh = {"id", "created_at", "pages_version"}
        found["tenant"] = [f"{name}: {value}" for name, value in row.items() if name not in fresh]
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
    delete_partner_and_free_friends(tenant=leaving, now=leaving.delete_due_at)


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


def tenant(*words: str) -> str:
    out = io.StringIO()
    call_command("tenant", *words, stdout=out)
    return out.getvalue()
