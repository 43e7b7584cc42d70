"""Ids on the way from one installation to another: the partner's own number, and all ids where its name is new."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tenants.models import Tenant
from tenants.shared_rows import SharedRows

MESSAGES = "outbox_message"


@dataclass(frozen=True)
class Renewal:
    """How the ids of an archive become those of the partner that is made of it.

    Jobs and orders keep their ids where the schema keeps its name, so links in mails go on working. Under another name
    they get new ones, derived from the old ones, because the original may be here and ids are unique.
    """

    old_tenant_id: int
    new_tenant_id: int
    schema_name: str
    is_renewing: bool
    is_beside_original: bool

    @classmethod
    def between(cls, manifest: dict[str, Any], tenant: Tenant) -> "Renewal":
        """Compare the archive's partner with the one that is made of it."""
        is_renewing = manifest["schema_name"] != tenant.schema_name
        return cls(
            old_tenant_id=int(manifest["tenant_id"]),
            new_tenant_id=tenant.pk,
            schema_name=tenant.schema_name,
            is_renewing=is_renewing,
            is_beside_original=is_renewing and Tenant.objects.filter(schema_name=manifest["schema_name"]).exists(),
        )

    def row(self, rows: SharedRows, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row of a shared table as it is written here."""
        renewed = {name: value for name, value in row.items() if name not in rows.fresh}
        for name in rows.tenant:
            # An offer of the shared crowd belongs to community 0, which is nobody's.
            if renewed[name] == self.old_tenant_id:
                renewed[name] = self.new_tenant_id
        for name in rows.renewed:
            renewed[name] = self._id(renewed[name])
        if rows.table == MESSAGES:
            self._message(renewed)
        return renewed

    def in_sql(self, column: str) -> str:
        """Return the expression that renews an id in the partner's schema, equal to what ``row`` does."""
        return f"md5('{self.schema_name}:' || {column}::text)::uuid"

    def _id(self, old: str | None) -> str | None:
        if old is None or not self.is_renewing:
            return old
        # No secret: it only has to be another one, and the same each time.
        return str(UUID(hashlib.md5(f"{self.schema_name}:{UUID(old)}".encode(), usedforsecurity=False).hexdigest()))

    def _message(self, message: dict[str, Any]) -> None:
        """Renew the ids that a message names in its reference and in its key."""
        for name in ("order", "job"):
            old = message["reference"].get(name)
            if old is not None:
                new = self._id(old)
                message["reference"][name] = new
                message["key"] = message["key"].replace(old, new)
