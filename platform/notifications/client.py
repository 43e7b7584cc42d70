"""The way to the browsers' push services: sealed for one device, signed by us, one request (RFC 8030, 8291, 8292)."""

import base64
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from urllib3.exceptions import InvalidHeader, LocationParseError
from urllib3.util import Retry, parse_url

from kernel.late import Late
from notifications.errors import PushIsOff, UnableToPush

if TYPE_CHECKING:
    import pywebpush
else:
    pywebpush = Late("pywebpush")

TIMEOUT_S = (3, 5)
CLAIM_S = 12 * 3600
# A push service takes 4096 bytes; keys, padding and signature need some of them.
PAYLOAD_BYTES = 3000
AUTH_BYTES = 16
HTTPS_PORTS = {None, 443}
LOOPBACK = "127.0.0.1"
# Nothing that one parser reads otherwise than another: no name or password, no backslash, no percent sign, space or
# line end before the path; a path of characters that may stand in one.
ENDPOINT = re.compile(r"(https?)://([a-z0-9][a-z0-9.-]*)(?::([0-9]{1,5}))?(?:/[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?")


@dataclass(frozen=True)
class Device:
    """Where a push goes, and the keys that only this device can open it with."""

    endpoint: str
    p256dh: str
    auth: str


def push_is_on() -> bool:
    """Say whether this installation has a key to send pushes with."""
    return bool(settings.VAPID_PRIVATE_KEY)


def public_key() -> str:
    """Return the public half of our key as browsers want it, or nothing where push is off."""
    if not push_is_on():
        return ""
    point = Vapid02.from_string(settings.VAPID_PRIVATE_KEY).public_key.public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def is_known_service(endpoint: str) -> bool:
    """Say whether an endpoint is one of a push service on our list, or a browser could make us call any address.

    What is judged is what will be called: the parts as the client reads them.
    """
    if not ENDPOINT.fullmatch(endpoint):
        return False
    try:
        called = parse_url(str(requests.Request("POST", endpoint).prepare().url))
    except (requests.RequestException, LocationParseError):
        return False
    host = called.host or ""
    if called.auth is not None or not any(fnmatchcase(host, known) for known in settings.PUSH_HOSTS):
        return False
    return (called.scheme == "https" and called.port in HTTPS_PORTS) or (called.scheme == "http" and host == LOOPBACK)


def has_keys(device: Device) -> bool:
    """Say whether the keys of a device can be encrypted with."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _decode(device.p256dh))
        return len(_decode(device.auth)) == AUTH_BYTES
    except ValueError:
        return False


def push(device: Device, payload: Mapping[str, str], *, ttl_s: int, topic: str, is_urgent: bool) -> bool:
    """Hand a message to the push service of a device; say whether the device is still there.

    Raises PushIsOff without a key, and UnableToPush where the service does not take the message.
    """
    if not push_is_on():
        raise PushIsOff
    if not is_known_service(device.endpoint):
        raise UnableToPush("This push service is not on the list (QUARTETT_PUSH_HOSTS).")
    body = json.dumps(payload, ensure_ascii=False).encode()
    if len(body) > PAYLOAD_BYTES:
        raise UnableToPush(f"{len(body)} bytes are too much for a push.")
    subscription = {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}}
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(ttl_s, 0)),
        # A newer message about the same takes the place of one that still waits at the service.
        "Topic": topic,
        "Urgency": "high" if is_urgent else "normal",
    } | _signature(device.endpoint)
    try:
        answer = requests.post(
            device.endpoint,
            data=pywebpush.WebPusher(subscription).encode(body)["body"],
            headers=headers,
            timeout=TIMEOUT_S,
            # A push service has no reason to send us elsewhere, and elsewhere is not on the list.
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise UnableToPush(f"{urlsplit(device.endpoint).hostname}: {type(error).__name__}") from error
    if answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return False
    if not HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
        said = f"{urlsplit(device.endpoint).hostname} answers {answer.status_code}: {answer.text[:120]}"
        raise UnableToPush(said, wait=_wait(answer))
    return True


def _wait(answer: requests.Response) -> timedelta:
    """Return how long a service wants to be left alone (RFC 9110, 10.2.3), which one that is busy says."""
    try:
        return timedelta(seconds=Retry().parse_retry_after(answer.headers.get("Retry-After", "0")))
    except InvalidHeader:
        return timedelta(0)


def _signature(endpoint: str) -> dict[str, str]:
    """Return the header by which a push service knows who sends (RFC 8292)."""
    url = urlsplit(endpoint)
    claims = {
        "aud": f"{url.scheme}://{url.netloc}",
        # The service's own clock decides whether it is valid.
        "exp": int(time.time()) + CLAIM_S,
        "sub": f"mailto:{parseaddr(settings.PLATFORM_SENDER)[1]}",
    }
    signed: dict[str, str] = Vapid02.from_string(settings.VAPID_PRIVATE_KEY).sign(claims)
    return signed


def _decode(text: str) -> bytes:
    """Decode base64 for URLs, with or without padding.

    Raises ValueError.
    """
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
