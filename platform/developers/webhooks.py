"""Endpoints: where a partner's own systems hear of what happens; each call of one is logged."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from developers.client import SECRET, Heard, fault_of_url
from developers.errors import EndpointIsOver, UnableToMakeEndpoint
from developers.kinds import WEBHOOK, Told
from developers.models import Delivery, Endpoint
from outbox.services import message, post_all

SECRET_BYTES = 24
LONGEST_URL = 500
MOST_ENDPOINTS = 20
# A replaced secret signs for so long beside the new one.
OVERLAP = timedelta(days=1)
KEEP_DELIVERIES = timedelta(days=30)


@transaction.atomic
def add_endpoint(
    *, tenant_id: int, url: str, states: Sequence[str], with_snapshot: bool = False, who: str, now: datetime
) -> Endpoint:
    """Let an endpoint hear of orders that come into some states, and return it with its secret.

    Messages hold the whole order ``with_snapshot``, else who it is and its state. Raises UnableToMakeEndpoint with the
    faults by field.
    """
    faults, url = _faults_of(url, states), url.strip()
    if Endpoint.objects.filter(ended_at=None).count() >= MOST_ENDPOINTS:
        faults["url"] = _("There can be at most %(count)d endpoints.") % {"count": MOST_ENDPOINTS}
    if faults:
        raise UnableToMakeEndpoint(faults)
    return Endpoint.objects.create(
        tenant_id=tenant_id,
        url=url,
        states=_in_order(states),
        with_snapshot=with_snapshot,
        secret=_new_secret(),
        made_by=who,
        created_at=now,
    )


@transaction.atomic
def change_endpoint(*, endpoint_uuid: UUID, url: str, states: Sequence[str], with_snapshot: bool) -> Endpoint:
    """Change where an endpoint is and what it is sent, and return it; its secret and its log stay.

    Raises ``Endpoint.DoesNotExist``, EndpointIsOver, or UnableToMakeEndpoint with the faults by field.
    """
    endpoint = _locked(endpoint_uuid)
    faults = _faults_of(url, states)
    if faults:
        raise UnableToMakeEndpoint(faults)
    endpoint.url, endpoint.states, endpoint.with_snapshot = url.strip(), _in_order(states), with_snapshot
    endpoint.save(update_fields=["url", "states", "with_snapshot"])
    return endpoint


@transaction.atomic
def send_test_event(*, endpoint_uuid: UUID, now: datetime) -> Endpoint:
    """Send an endpoint a message that is about nothing, once, though it were paused, and return the endpoint.

    Raises ``Endpoint.DoesNotExist`` or EndpointIsOver.
    """
    endpoint = _locked(endpoint_uuid)
    about = {"endpoint": str(endpoint.uuid), "test": secrets.token_hex(8)}
    post_all(
        [
            message(
                key=f"{WEBHOOK}:{endpoint.uuid}:test:{about['test']}",
                topic=WEBHOOK,
                tenant_id=endpoint.tenant_id,
                now=now,
                **about,
            )
        ]
    )
    return endpoint


@transaction.atomic
def replace_secret(*, endpoint_uuid: UUID, now: datetime) -> Endpoint:
    """Give an endpoint another secret and return it; for a day both sign.

    Raises ``Endpoint.DoesNotExist`` or EndpointIsOver.
    """
    endpoint = _locked(endpoint_uuid)
    endpoint.former_secret, endpoint.former_until = endpoint.secret, now + OVERLAP
    endpoint.secret = _new_secret()
    endpoint.save(update_fields=["secret", "former_secret", "former_until"])
    return endpoint


@transaction.atomic
def resume_endpoint(*, endpoint_uuid: UUID) -> Endpoint:
    """Let an endpoint that was paused hear of what happens from now on, and return it.

    Raises ``Endpoint.DoesNotExist`` or EndpointIsOver.
    """
    endpoint = _locked(endpoint_uuid)
    endpoint.paused_at = None
    endpoint.save(update_fields=["paused_at"])
    return endpoint


@transaction.atomic
def end_endpoint(*, endpoint_uuid: UUID, who: str, now: datetime) -> None:
    """Tell an endpoint nothing any more.

    Raises ``Endpoint.DoesNotExist`` or EndpointIsOver.
    """
    endpoint = _locked(endpoint_uuid)
    endpoint.ended_at, endpoint.ended_by = now, who
    endpoint.save(update_fields=["ended_at", "ended_by"])


def note_delivery(
    *,
    endpoint: Endpoint,
    message_id: str,
    event_id: int | None = None,
    kind: str,
    body: object,
    heard: Heard | None,
    fault: str,
    now: datetime,
) -> None:
    """Write down what came of a call."""
    Delivery.objects.create(
        endpoint=endpoint,
        message_id=message_id,
        event_id=event_id,
        kind=kind,
        at=now,
        body=body,
        status=heard.status if heard else None,
        answer=heard.words[:1000] if heard else fault[:1000],
        took_ms=heard.took_ms if heard else None,
    )


def pause_dead_endpoint(endpoint: Endpoint, *, since: datetime, now: datetime) -> bool:
    """Leave an endpoint alone that has taken nothing since a moment, and say whether it is paused by this.

    One message that it does not like is no reason.
    """
    if endpoint.deliveries.filter(at__gte=since, status__range=(200, 299)).exists():
        return False
    return Endpoint.objects.filter(pk=endpoint.pk, paused_at=None).update(paused_at=now) == 1


def forget_deliveries(*, now: datetime) -> int:
    """Delete the log of calls that are older than 30 days and return how many."""
    return Delivery.objects.filter(at__lt=now - KEEP_DELIVERIES).delete()[0]


def endpoints() -> QuerySet[Endpoint]:
    """Return the endpoints that have not ended with their ``latest`` call, the newest first (2 queries)."""
    latest = Delivery.objects.order_by("-at", "-id")[:1]
    return (
        Endpoint.objects.filter(ended_at=None)
        .prefetch_related(Prefetch("deliveries", latest, to_attr="latest"))
        .order_by("-pk")
    )


def endpoint_by_uuid(endpoint_uuid: UUID) -> Endpoint:
    """Return an endpoint that has not ended (1 query).

    Raises ``Endpoint.DoesNotExist``.
    """
    return Endpoint.objects.get(uuid=endpoint_uuid, ended_at=None)


def deliveries_of(endpoint: Endpoint) -> QuerySet[Delivery]:
    """Return the calls of an endpoint, the latest first."""
    return endpoint.deliveries.order_by("-at", "-id")


def secrets_of(endpoint: Endpoint, *, now: datetime) -> list[str]:
    """Return the secrets by which a message to an endpoint is signed now."""
    is_overlap = endpoint.former_until is not None and endpoint.former_until > now
    return [endpoint.secret, *([endpoint.former_secret] if is_overlap else [])]


def _faults_of(url: str, states: Sequence[str]) -> dict[str, str]:
    faults = {}
    if len(url.strip()) > LONGEST_URL or fault_of_url(url.strip()):
        faults["url"] = _("Please enter an address that begins with https:// and holds no password.")
    if not states or set(states) - set(Told.values):
        faults["states"] = _("Please choose what we send there.")
    return faults


def _in_order(states: Sequence[str]) -> list[str]:
    return [state.value for state in Told if state in states]


def _locked(endpoint_uuid: UUID) -> Endpoint:
    endpoint = Endpoint.objects.select_for_update().get(uuid=endpoint_uuid)
    if endpoint.ended_at is not None:
        raise EndpointIsOver
    return endpoint


def _new_secret() -> str:
    return SECRET + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
