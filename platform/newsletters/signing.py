"""DKIM: a signature over a mail, its ways out included, by which mail services know that nobody has changed them."""

import re

import dkim

from newsletters.mails import Signer

# All that a reader or a mail program goes by; RFC 8058 wants both lines of unsubscribing among them.
SIGNED = (
    *(b"from", b"to", b"reply-to", b"subject", b"date", b"message-id", b"mime-version", b"content-type"),
    *(b"list-id", b"list-unsubscribe", b"list-unsubscribe-post"),
)
_FOLD = re.compile(r"\s*\r?\n\s+")


def signer_with(key: str, *, domain: str, selector: str) -> Signer | None:
    """Return what signs mails of a domain with a private key (PEM), or None where there is no key."""
    if not key:
        return None

    def sign(mail: bytes) -> str:
        signature = dkim.sign(
            mail,
            selector.encode(),
            domain.encode(),
            key.encode(),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=list(SIGNED),
        )
        return _FOLD.sub(" ", signature.decode().partition(":")[2]).strip()

    return sign
