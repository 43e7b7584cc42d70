"""The only code that asks name servers."""

import dns.exception
import dns.nameserver
import dns.resolver
from django.conf import settings

from tenants.errors import NameServersSilent

ANSWER_TIMEOUT_S = 2
ALL_TIMEOUT_S = 6


def texts_at(name: str) -> list[str]:
    """Return the TXT records of a name; none where the name does not exist.

    Raises NameServersSilent where nobody answers in time.
    """
    try:
        answer = _resolver().resolve(name, "TXT", search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise NameServersSilent from error
    return [b"".join(record.strings).decode(errors="replace") for record in answer]


def _resolver() -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    if settings.DNS_SERVERS:
        resolver.nameservers = [_server(text) for text in settings.DNS_SERVERS]
    resolver.timeout, resolver.lifetime = ANSWER_TIMEOUT_S, ALL_TIMEOUT_S
    return resolver


def _server(text: str) -> dns.nameserver.Do53Nameserver:
    address, _colon, port = text.partition(":")
    return dns.nameserver.Do53Nameserver(address, int(port or 53))
