"""A name server of the tests: it answers over UDP on a port of its own, as a real one does."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

TTL_S = 60


class NameServer:
    """Holds TXT records by name; a name without any does not exist. ``is_silent`` lets it answer nothing."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.is_silent = False
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))

    @property
    def address(self) -> str:
        """Address and port, as the setting takes them."""
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def serve(self) -> None:
        """Answer until the socket is closed."""
        while True:
            try:
                data, sender = self._socket.recvfrom(4096)
            except OSError:
                return
            if not data:
                return
            answer = self._answer(dns.message.from_wire(data))
            if answer is not None:
                self._socket.sendto(answer.to_wire(), sender)

    def stop(self) -> None:
        """Send the empty packet that ends the loop."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self._socket.getsockname())

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        asked = query.question[0]
        name = asked.name.to_text(omit_final_dot=True)
        self.asked.append(name)
        if self.is_silent:
            return None
        response = dns.message.make_response(query)
        texts = self.records.get(name)
        if texts is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif texts and asked.rdtype == dns.rdatatype.TXT:
            quoted = [f'"{text}"' for text in texts]
            response.answer.append(dns.rrset.from_text(asked.name, TTL_S, "IN", "TXT", *quoted))
        return response


@contextmanager
def name_server() -> Iterator[NameServer]:
    """Run a name server for the length of the block."""
    server = NameServer()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
        server.close()
