"""A push service on 127.0.0.1, as strict as the real ones: it checks our signature, and devices decrypt what comes."""

import base64
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

DAY_S = 86_400


@dataclass
class Phone:
    """A device that has subscribed: what it tells us, what only it knows, and what has come."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey
    secret: bytes
    application_key: str
    answers: list[int] = field(default_factory=list)
    retry_after: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, str]:
        """What its browser sends us."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": encode(point), "auth": encode(self.secret)}


class PushService:
    """The service: devices subscribe, messages come, ``answers`` of a device say how the next ones are answered."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.phones: dict[str, Phone] = {}

    def subscribe(self, application_key: str) -> Phone:
        """Let a new device subscribe to whoever holds a key."""
        name = encode(os.urandom(9))
        key = ec.generate_private_key(ec.SECP256R1())
        self.phones[name] = Phone(f"{self.origin}/{name}", key, os.urandom(16), application_key)
        return self.phones[name]

    def take(self, name: str, headers: dict[str, str], body: bytes) -> int:
        """Take a message and return the status, as RFC 8030 has it."""
        phone = self.phones[name]
        if phone.answers:
            status = phone.answers.pop(0)
            if status >= 300:
                return status
        if not self._is_signed(headers.get("authorization", ""), phone.application_key):
            return 403
        if "ttl" not in headers or headers.get("content-encoding") != "aes128gcm" or len(body) > 4096:
            return 400
        plain = http_ece.decrypt(body, private_key=phone.key, auth_secret=phone.secret, version="aes128gcm")
        phone.got.append(json.loads(plain))
        phone.headers.append(headers)
        return 201

    def _is_signed(self, header: str, application_key: str) -> bool:
        if not header.startswith("vapid "):
            return False
        parts = dict(part.strip().split("=", 1) for part in header[6:].split(","))
        head, claims, signature = parts["t"].split(".")
        raw = decode(signature)
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(parts["k"]))
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        try:
            public.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
        except InvalidSignature:
            return False
        said = json.loads(decode(claims))
        return (
            parts["k"] == application_key
            and said["aud"] == self.origin
            and 0 < said["exp"] - time.time() <= DAY_S
            and said["sub"].startswith("mailto:")
        )


@contextmanager
def push_service() -> Iterator[PushService]:
    """Run the service in a thread."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # http.server's name
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            name = self.path.strip("/")
            self.send_response(service.take(name, headers, body))
            if service.phones[name].retry_after:
                self.send_header("retry-after", service.phones[name].retry_after)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = PushService(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def new_private_key() -> str:
    """Return a key of an installation, as QUARTETT_VAPID_PRIVATE_KEY holds it."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return encode(number.to_bytes(32, "big"))


def encode(data: bytes) -> str:
    """Write bytes in base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Read base64 for URLs."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
