"""The two kinds of tasks. A task of a tenant refuses to run on the platform, one of the platform inside a tenant.

The schema travels in the message's headers. tenant-schemas-celery enters it, but a message without a schema runs on
the platform there, and so does one whose schema is gone, because Celery only logs what its signals raise.
"""

from typing import Any

from django.db import connection
from tenant_schemas_celery.task import TenantTask as SwitchingTask

from tenants.errors import WrongSchema
from tenants.models import PUBLIC

HEADER = "_schema_name"


class SchemaTask(SwitchingTask):
    """What both kinds have in common: run only where the message says, and leave the connection as it was."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task.

        Raises WrongSchema where its schema is missing, unknown or of the wrong kind.
        """
        here: str = connection.schema_name  # type: ignore[attr-defined]  # of django-tenants
        before: Any = connection.tenant  # type: ignore[attr-defined]
        if not self.request.called_directly:
            self._refuse_unsaid(here)
        self.refuse_place(here)
        try:
            return super().__call__(*args, **kwargs)
        finally:
            connection.set_tenant(before)  # type: ignore[attr-defined]

    def refuse_place(self, schema_name: str) -> None:
        """Raise WrongSchema where this kind of task has no business."""
        raise WrongSchema(f"{self.name} is neither a tenant's nor the platform's task: give it one of our bases.")

    def _refuse_unsaid(self, here: str) -> None:
        # Some brokers put the headers into the request itself.
        said = (self.request.headers or {}).get(HEADER) or self.request.get(HEADER)
        if not said:
            raise WrongSchema(f"The message of {self.name} names no schema.")
        if said != here:
            raise WrongSchema(f"The message of {self.name} names the schema {said}, which does not exist.")


class TenantTask(SchemaTask):
    """Work inside one tenant, sent from inside it."""

    abstract = True

    def refuse_place(self, schema_name: str) -> None:
        """Refuse the platform."""
        if schema_name == PUBLIC:
            raise WrongSchema(f"{self.name} works inside a tenant and was sent from the platform.")


class PlatformTask(SchemaTask):
    """Work on the platform, such as everything that the scheduler starts; it enters tenants by itself."""

    abstract = True

    def refuse_place(self, schema_name: str) -> None:
        """Refuse a tenant."""
        if schema_name != PUBLIC:
            raise WrongSchema(f"{self.name} works on the platform and was sent from {schema_name}.")
