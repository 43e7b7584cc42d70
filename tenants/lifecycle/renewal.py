"""Ids on the way from one installation to another: the partner's own number, and all ids where its name is new."""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tenants.errors import ArchiveDamaged
from tenants.lifecycle.shared_rows import SharedRows
from tenants.models import Tenant

JOBS, MESSAGES = "dispatch_job", "outbox_message"
# The shared crowd is nobody's, so an archive may name it.
NOBODYS = 0


@dataclass(frozen=True)
class Renewal:
    """How the ids of an archive become those of the partner that is made of it.

    A row may name its own partner and the archive's own jobs, and nobody else's: whoever made the file could
    write into other partners by it.

    Jobs and orders keep their ids where the schema keeps its name, so links in mails go on working. Under another name
    they get new ones, derived from the old ones, because the original may be here and ids are unique.
    """

    old_tenant_id: int
    new_tenant_id: int
    schema_name: str
    is_renewing: bool
    is_beside_original: bool
    # What the archive's own jobs are called here, and those that its jobs follow.
    jobs: set[str] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)

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
        """Return a row of a shared table as it is written here.

        Raises ArchiveDamaged where it names another partner, or a job that is not in the archive.
        """
        renewed = {name: value for name, value in row.items() if name not in rows.fresh}
        for name in rows.tenant:
            renewed[name] = self._tenant(rows, name, renewed[name])
        for name in rows.renewed:
            renewed[name] = self._id(renewed[name])
        if rows.table == JOBS:
            self.jobs.add(_plain(renewed["id"]))
            if renewed["follows_id"] is not None:
                self.followed.add(_plain(renewed["follows_id"]))
        elif "job_id" in rows.renewed:
            self._check(rows, renewed["job_id"])
        if rows.table == MESSAGES:
            self._message(rows, renewed)
        return renewed

    def check_followed(self) -> None:
        """Look at the jobs that others follow, once all of the archive's are known.

        Raises ArchiveDamaged.
        """
        if self.followed - self.jobs:
            raise ArchiveDamaged(JOBS)

    def in_sql(self, column: str) -> str:
        """Return the expression that renews an id in the partner's schema, equal to what ``row`` does."""
        return f"md5('{self.schema_name}:' || {column}::text)::uuid"

    def _tenant(self, rows: SharedRows, name: str, value: Any) -> int:
        if value == self.old_tenant_id:
            return self.new_tenant_id
        if value == NOBODYS and name == "community":
            return NOBODYS
        raise ArchiveDamaged(rows.table)

    def _check(self, rows: SharedRows, job_id: Any) -> None:
        if _plain(job_id) not in self.jobs:
            raise ArchiveDamaged(rows.table)

    def _id(self, old: str | None) -> str | None:
        if old is None or not self.is_renewing:
            return old
        # No secret: it only has to be another one, and the same each time.
        return str(UUID(hashlib.md5(f"{self.schema_name}:{UUID(old)}".encode(), usedforsecurity=False).hexdigest()))

    def _message(self, rows: SharedRows, message: dict[str, Any]) -> None:
        """Renew the ids that a message names in its reference and in its key."""
        for name in ("order", "job"):
            old = message["reference"].get(name)
            if old is not None:
                new = self._id(old)
                # An order is looked up in the partner's own schema; a job is everybody's table.
                if name == "job":
                    self._check(rows, new)
                message["reference"][name] = new
                message["key"] = message["key"].replace(old, new)


def _plain(value: Any) -> str:
    """Return an id as the database would write it; what is none raises ValueError."""
    return str(UUID(value))
