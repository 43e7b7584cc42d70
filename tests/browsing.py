"""One browser that goes from host to host and shows each host only that host's cookies."""

from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from django.test import Client

from tests.responses import Response

REDIRECTS = {HTTPStatus.FOUND, HTTPStatus.MOVED_PERMANENTLY}
MOST_REDIRECTS = 10


class Browser:
    """A cookie jar for each host. ``trail`` holds the absolute addresses that were asked for."""

    def __init__(self) -> None:
        self.jars: defaultdict[str, Client] = defaultdict(Client)
        self.trail: list[str] = []

    def get(self, url: str) -> Response:
        """Ask for one absolute address."""
        return self._ask("get", url, {})

    def post(self, url: str, data: Mapping[str, object] | None = None) -> Response:
        """Send a form to one absolute address."""
        return self._ask("post", url, data or {})

    def go(self, url: str) -> Response:
        """Ask for an address and follow where it leads, over all hosts."""
        return self.follow(self.get(url))

    def follow(self, answer: Response) -> Response:
        """Follow redirects to the page at their end."""
        for _step in range(MOST_REDIRECTS):
            if answer.status_code not in REDIRECTS:
                return answer
            answer = self.get(self.target(answer))
        raise AssertionError(self.trail)

    def target(self, answer: Response) -> str:
        """Return the absolute address that a redirect leads to."""
        location = answer["Location"]
        here = urlsplit(self.trail[-1])
        return location if "://" in location else f"{here.scheme}://{here.netloc}{location}"

    def _ask(self, method: str, url: str, data: Mapping[str, object]) -> Response:
        parts = urlsplit(url)
        self.trail.append(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return getattr(self.jars[parts.hostname or ""], method)(path, data, headers={"host": parts.hostname})
