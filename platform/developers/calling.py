"""Calls of many endpoints at once. What runs beside the others speaks HTTP alone and knows no database."""

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from developers.client import Heard, call
from developers.errors import UnableToCall


@dataclass(frozen=True)
class Outcome:
    """What came of a call: what was heard, or in words why nothing was."""

    heard: Heard | None
    fault: str = ""

    @property
    def is_taken(self) -> bool:
        """Say whether the endpoint has taken the message."""
        return self.heard is not None and self.heard.is_taken


class Calls:
    """Calls that are out, each under a name; at most so many at once."""

    def __init__(self, most: int) -> None:
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="endpoint")
        self._out: dict[Future[Heard], str] = {}

    @property
    def out(self) -> set[str]:
        """The names of the calls that are out."""
        return set(self._out.values())

    def begin(self, name: str, **about: Any) -> None:
        """Begin a call; ``about`` is what ``developers.client.call`` takes."""
        self._out[self._pool.submit(call, **about)] = name

    def ended(self, within_s: float) -> dict[str, Outcome]:
        """Return by name what came of the calls that have ended, or end within some seconds."""
        done, _out = wait(self._out, timeout=within_s, return_when=FIRST_COMPLETED)
        return {self._out.pop(future): _outcome(future) for future in done}

    def close(self) -> None:
        """Begin nothing more; what is out goes on to its end."""
        self._pool.shutdown(wait=False)


def _outcome(future: Future[Heard]) -> Outcome:
    try:
        return Outcome(future.result())
    except UnableToCall as error:
        return Outcome(None, str(error))
    except Exception as error:  # a fault of ours: the message is tried again, and no other one suffers
        return Outcome(None, type(error).__name__)
