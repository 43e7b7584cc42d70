"""An authenticator app (RFC 6238), written anew so that it does not agree with the code by using it."""

import base64
import hashlib
import hmac
import re
import struct
import time

from django.test import Client

STEP_S = 30


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return the code that the app shows now, or so many steps of thirty seconds later."""
    moment = struct.pack(">Q", int(time.time()) // STEP_S + steps)
    digest = hmac.new(base64.b32decode(secret), moment, hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def set_up_app(client: Client) -> str:
    """Set up an authenticator app over the pages and return its secret."""
    page = client.get("/en/account/security/app/").content.decode()
    found = re.search(r'<code class="number">([A-Z2-7]+)</code>', page)
    assert found, page
    answer = client.post("/en/account/security/app/", {"code": code_of(found[1], steps=-1)})
    assert answer.status_code == 302, answer.content.decode()
    return found[1]


def recovery_codes(client: Client) -> list[str]:
    """Read the recovery codes from their page."""
    page = client.get("/en/account/security/codes/").content.decode()
    return re.findall(r"<li>(\d{8})</li>", page)
