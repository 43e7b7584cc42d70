"""What is done to a whole partner in the background, and the template that new ones are made from."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.partners import Tenant


class OperationKind(models.TextChoices):
    """What only the database's owner can do to a partner."""

    CREATE = "create", _("Creation")
    EXPORT = "export", _("Export")
    IMPORT = "import", _("Import")
    DELETE = "delete", _("Deletion")
    SANDBOX = "sandbox", _("Sandbox")


class OperationState(models.TextChoices):
    """How far an operation is."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Operation(models.Model):
    """Work for the owner's worker: asked for in the web, done where the owner's login is, shown with its progress.

    ``request`` is what the services of the kind take; ``percent`` and ``step`` tell how far it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=OperationKind)
    state = models.CharField(max_length=10, choices=OperationState, default=OperationState.WAITING)
    tenant = models.ForeignKey(Tenant, models.SET_NULL, null=True, related_name="operations")
    slug = models.CharField(max_length=40, blank=True)
    request: Any = models.JSONField(default=dict)
    who = models.CharField(max_length=200)
    step = models.CharField(max_length=80, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    result: Any = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="operation_at_most_all"),
            # Two requests for one name at once: the second waits for nothing, it is refused.
            models.UniqueConstraint(
                fields=["slug"],
                condition=models.Q(kind="create", state__in=["waiting", "running"]),
                name="operation_one_creation_a_name",
            ),
        ]
        indexes: ClassVar = [
            # Serves the owner worker's poll.
            models.Index(
                fields=["created_at"], name="operation_open", condition=models.Q(state__in=["waiting", "running"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug} ({self.state})"


class Template(models.Model):
    """The SQL that makes a new tenant's schema, recorded from the template schema; one row.

    ``fingerprint`` is that of the migrations which the template schema had when it was recorded.
    """

    fingerprint = models.CharField(max_length=64)
    sql = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="template_is_one_row")]

    def __str__(self) -> str:
        return f"template {self.fingerprint[:12]}"
