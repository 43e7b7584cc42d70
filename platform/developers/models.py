"""Keys, their log, kept answers (so that a repeated call does nothing twice), endpoints and the log of their calls."""

import json
from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from developers.kinds import LATEST_VERSION, Act, Scope, Told


class Key(models.Model):
    """A key to the partner API. The secret itself is nowhere; its prefix tells people which key it is.

    ``networks`` are those from which it may be used, in CIDR notation; none means everywhere. A key that is replaced
    goes on until ``expires_at``.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope), verbose_name=_("scopes"))
    networks = ArrayField(models.CharField(max_length=43), verbose_name=_("allowed networks"), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # The id of the first key in a line of keys that replaced each other; none where it is the first itself.
    first = models.BigIntegerField(null=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(scopes__len__gte=1), name="key_has_a_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @property
    def line(self) -> int:
        """Id of the first key of its line, under which answers are kept."""
        return self.first or self.pk

    def is_over(self, now: datetime) -> bool:
        """Say whether nobody can use it any more."""
        return self.ended_at is not None or self.has_expired(now)

    def has_expired(self, now: datetime) -> bool:
        """Say whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now


class KeyAct(models.Model):
    """One line of a key's log: who did what."""

    key = models.ForeignKey(Key, models.CASCADE, related_name="acts")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Act)
    who = models.CharField(max_length=121)
    detail: Any = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.at} {self.kind}"


class KeptAnswer(models.Model):
    """A call by its Idempotency-Key, and what was answered; ``status`` is empty until it has been.

    The answer is written in the transaction of what the call does, so there is never one without the other. ``key`` is
    the first of its line, so that a call may be repeated with the key that has replaced another.
    """

    # The index of the constraint serves it. With one of its own, that was taken, and all answers of a key were read.
    key = models.ForeignKey(Key, models.CASCADE, related_name="+", db_index=False)
    idempotency_key = models.CharField(max_length=255)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body: Any = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "idempotency_key"], name="kept_answer_once_a_key"),
        ]
        indexes: ClassVar = [
            # Serves the nightly clean-up.
            models.Index(fields=["created_at"], name="kept_answer_age"),
        ]

    def __str__(self) -> str:
        return f"{self.key_id}: {self.idempotency_key}"


class Endpoint(models.Model):
    """Where a partner's own system hears of orders that come into some states.

    A trigger (orders_tell_endpoints) posts a message for each that is neither paused nor ended. The secrets sign what
    is sent, so they are kept as they are; a former one signs too until ``former_until``. Messages are written in
    ``version``, and hold the whole order where the endpoint is sent ``with_snapshot``.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant_id = models.PositiveIntegerField()
    url = models.CharField(max_length=500)
    states = ArrayField(models.CharField(max_length=10, choices=Told))
    with_snapshot = models.BooleanField(default=False, db_default=False)
    version = models.PositiveSmallIntegerField(default=LATEST_VERSION, db_default=1)
    secret = models.CharField(max_length=60)
    former_secret = models.CharField(max_length=60, blank=True, default="")
    former_until = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=121)
    created_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=121, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(states__len__gte=1), name="endpoint_is_told_something"),
        ]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One call of an endpoint; ``status`` is empty where nobody answered, ``event_id`` where it only tried it out."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=80)
    event_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    body: Any = models.JSONField()
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    took_ms = models.PositiveIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            # Serves the latest calls of an endpoint.
            models.Index(fields=["endpoint", "-at"], name="delivery_latest"),
            # Serves the clean-up.
            models.Index(fields=["at"], name="delivery_age"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.status}"

    @property
    def body_text(self) -> str:
        """The body for people to read."""
        return json.dumps(self.body, ensure_ascii=False, indent=2)
