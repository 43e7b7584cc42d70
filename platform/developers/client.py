"""The only way to developers' endpoints: one signed request (Standard Webhooks) to an address that is nobody's own.

The name is looked up once, judged, and called by the address that was judged, so that a name which points elsewhere a
moment later leads nowhere. No redirect is followed, and no more is read than a log can hold.
"""

import base64
import hashlib
import hmac
import ipaddress
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import SplitResult, urlsplit

import certifi
import urllib3
from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_match_hostname import CertificateError

from developers.errors import UnableToCall

# How long we wait for name servers, for a connection, for each next byte, and for all of it.
LOOK_UP_S = 3.0
CONNECT_S, READ_S, WHOLE_S = 3.0, 5.0, 10.0
MOST_BYTES, CHUNK = 4096, 1024
PORTS = {"https": 443, "http": 80}
SECRET = "whsec_"
# Below this prefix a network's gateway translates to addresses of IPv4 (RFC 6052).
NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Heard:
    """What an endpoint has answered: its status, the beginning of its words, and how long it took."""

    status: int
    words: str
    took_ms: int

    @property
    def is_taken(self) -> bool:
        """Say whether the endpoint has taken the message."""
        return 200 <= self.status < 300


def fault_of_url(url: str) -> bool:
    """Say whether an address is none that we would ever call, whatever its name leads to."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return True
    allowed = {"https", "http"} if settings.WEBHOOK_NETWORKS else {"https"}
    has_person = parts.username is not None or parts.password is not None
    return parts.scheme not in allowed or not parts.hostname or has_person or not url.isascii() or " " in url


def call(*, url: str, secrets: Sequence[str], message_id: str, body: Mapping[str, Any], now: datetime) -> Heard:
    """Send a message to an endpoint and return what it says; each secret signs, so that it can be replaced.

    Raises UnableToCall where nobody answers, or the address is one that is not called.
    """
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    stamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Quartett-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signature(secret, message_id, stamp, content) for secret in secrets),
    }
    parts, begun = urlsplit(url), time.monotonic()
    try:
        status, words = _post(parts, _judged_address(parts), content, headers, begun)
    except (urllib3.exceptions.HTTPError, HTTPException, CertificateError, OSError) as error:
        raise UnableToCall(f"{parts.hostname}: {type(error).__name__}") from error
    return Heard(status, words, round((time.monotonic() - begun) * 1000))


def signature(secret: str, message_id: str, stamp: str, content: bytes) -> str:
    """Return the signature of a message by Standard Webhooks, version 1."""
    key = base64.b64decode(secret.removeprefix(SECRET))
    signed = f"{message_id}.{stamp}.".encode() + content
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


def _post(
    parts: SplitResult, address: str, content: bytes, headers: Mapping[str, str], begun: float
) -> tuple[int, str]:
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    connection = HTTPConnection(address, port, timeout=CONNECT_S)
    if parts.scheme == "https":
        # The certificate is that of the name, though the address is called.
        connection = HTTPSConnection(
            address, port, timeout=CONNECT_S, server_hostname=host, assert_hostname=host, ca_certs=certifi.where()
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = host if port == PORTS[parts.scheme] else f"{host}:{port}"
    with closing(connection):
        connection.connect()
        connection.timeout = READ_S
        with _ended_after(WHOLE_S - (time.monotonic() - begun), connection.sock):
            connection.request(
                "POST", path, content, {**headers, "Host": named}, preload_content=False, decode_content=False
            )
            answer = connection.getresponse()
            return answer.status, _beginning(answer)


@contextmanager
def _ended_after(seconds: float, open_socket: socket.socket) -> Iterator[None]:
    """Hang up when the time is over: whoever sends a byte now and then keeps to the time of each single one."""

    def hang_up() -> None:
        with suppress(OSError):  # they were faster
            open_socket.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(max(seconds, 0), hang_up)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _beginning(answer: urllib3.BaseHTTPResponse) -> str:
    """Return the beginning of what is answered; who goes on for ever is not listened to."""
    read = b""
    while len(read) < MOST_BYTES:
        chunk = answer.read1(CHUNK)
        if not chunk:
            break
        read += chunk
    return read[:MOST_BYTES].decode(errors="replace").replace("\0", "")


def _judged_address(parts: SplitResult) -> str:
    """Return the first address of a name, if all of them are anybody's to call.

    Raises UnableToCall.
    """
    host = str(parts.hostname)
    try:
        found = _looked_up(host, parts.port or PORTS[parts.scheme])
    except TimeoutError as error:
        raise UnableToCall(f"{host}: its name servers do not answer.") from error
    except (OSError, UnicodeError) as error:  # a label may be longer than any that can be looked up
        raise UnableToCall(f"{host}: there is no such host.") from error
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(map(_may_be_called, addresses)):
        raise UnableToCall(f"{host}: this address is not called.")
    return addresses[0]


def _looked_up(host: str, port: int) -> list[Any]:
    """Return what the name servers say of a host; the system itself would wait for them much longer.

    Raises TimeoutError, or what ``getaddrinfo`` raises.
    """
    found: Future[list[Any]] = Future()

    def look_up() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # whatever it is, it is raised to who has asked
            found.set_exception(error)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    return found.result(LOOK_UP_S)


def _may_be_called(address: str) -> bool:
    """Say whether an address is a public one, or in a network that this installation allows."""
    found = _meant(ipaddress.ip_address(address.partition("%")[0]))
    if any(found in ipaddress.ip_network(network) for network in settings.WEBHOOK_NETWORKS):
        return True
    # A public address may still be one of many receivers, or of a kind that nobody has been given yet.
    is_special = found.is_multicast or found.is_reserved or getattr(found, "is_site_local", False)
    return found.is_global and not is_special


def _meant(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the address of IPv4 to which one of IPv6 leads, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
