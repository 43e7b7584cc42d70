"""The ways in from outside: the operators' support, and the hand-over from host to host."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models.partners import Tenant


class SupportAccess(models.Model):
    """An operator's way into a partner's admin: with a reason, for a limited time, seen by the partner."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="support_accesses")
    operator_id = models.UUIDField()
    operator_name = models.CharField(max_length=200)
    reason = models.CharField(_("reason"), max_length=300)
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="support_has_a_reason"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("granted_at")), name="support_ends"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "-granted_at"], name="support_of_tenant")]

    def __str__(self) -> str:
        return f"{self.operator_name} at {self.tenant_id} until {self.ends_at}"


class HandoverPurpose(models.TextChoices):
    """Who passes from the platform host into a tenant."""

    FRIEND = "friend", _("Friend")
    SUPPORT = "support", _("Support")


class Handover(models.Model):
    """A single-use way from the platform host into one tenant, in one browser. Only hashes of its secrets are kept."""

    code_hash = models.CharField(max_length=64, unique=True)
    state_hash = models.CharField(max_length=64)
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=HandoverPurpose)
    person_id = models.UUIDField()
    support_access = models.ForeignKey(SupportAccess, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(purpose=HandoverPurpose.SUPPORT) ^ models.Q(support_access=None),
                name="handover_support_names_its_access",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.person_id} to {self.tenant_id}"
