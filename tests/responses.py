"""What Django's test client answers: a response that knows its request and the context of its templates."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Only the stubs have a name for it; Django patches its own response.
    from django.test.client import _MonkeyPatchedWSGIResponse as Response
else:
    from django.http import HttpResponse as Response

__all__ = ["Response", "streamed"]


def streamed(answer: Response) -> bytes:
    """Return the content of an answer that is sent piece by piece, as files are."""
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # the stubs know whole answers alone
