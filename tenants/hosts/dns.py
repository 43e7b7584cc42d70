"""The only code that asks name servers."""

from typing import TYPE_CHECKING

from django.conf import settings

from kernel.late import Late
from tenants.errors import NameServersSilent

if TYPE_CHECKING:
    from dns import exception, nameserver, resolver
else:
    exception, nameserver, resolver = (Late(f"dns.{name}") for name in ("exception", "nameserver", "resolver"))

ANSWER_TIMEOUT_S = 2
ALL_TIMEOUT_S = 6


def texts_at(name: str) -> list[str]:
    """Return the TXT records of a name; none where the name does not exist.

    Raises NameServersSilent where nobody answers in time.
    """
    try:
        answer = _resolver().resolve(name, "TXT", search=False)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except exception.DNSException as error:
        raise NameServersSilent from error
    return [b"".join(record.strings).decode(errors="replace") for record in answer]


def _resolver() -> "resolver.Resolver":
    made = resolver.Resolver(configure=not settings.DNS_SERVERS)
    if settings.DNS_SERVERS:
        made.nameservers = [_server(text) for text in settings.DNS_SERVERS]
    made.timeout, made.lifetime = ANSWER_TIMEOUT_S, ALL_TIMEOUT_S
    return made


def _server(text: str) -> "nameserver.Do53Nameserver":
    address, _colon, port = text.partition(":")
    return nameserver.Do53Nameserver(address, int(port or 53))
