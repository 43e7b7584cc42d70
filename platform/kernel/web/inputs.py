"""Input that no field can hold, refused in one place before any view."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import set_urlconf
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _

from kernel.web.answers import say
from kernel.web.problems import is_api

Handler = Callable[[HttpRequest], HttpResponse]

SAFE = {"GET", "HEAD", "OPTIONS"}
LONGEST_ADDRESS = 4000
LONGEST_NAME = 200
LONGEST_FILE_NAME = 255
# As long as so many of the largest photos may a file be that a program sends.
MOST_PHOTOS = 4
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


class ReadableRequest(WSGIRequest):
    """Django's request, which reads texts as UTF-8 whatever charset a visitor names: some are none of text.

    InputMiddleware refuses them; Django would fail before any middleware.
    """

    def _set_content_type_params(self, meta: Mapping[str, str]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class InputMiddleware:
    """Refuse with 400 what no database and no file system takes: NUL, half characters, endless names, broken JSON.

    Whether a value is right for its field is said by forms, with 422.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or refuse it."""
        if is_api(request) and _is_too_large(request):
            return say(request, _("The body is too large."), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.get_response(request) if is_readable(request) else unreadable(request)


def unreadable(request: HttpRequest) -> HttpResponse:
    """Answer what cannot be read. No view was looked for yet, so its links are made those of the host here."""
    set_urlconf(getattr(request, "urlconf", None))
    return say(request, _("We could not read that request."), status=HTTPStatus.BAD_REQUEST)


def is_readable(request: HttpRequest) -> bool:
    """Say whether everything in a request can be read and kept."""
    try:
        return (
            _has_length(request)
            and _is_utf_8(request)
            and all(map(_can_be_kept, _texts(request)))
            and _has_right_body(request)
        )
    except (BadRequest, MultiPartParserError, RequestDataTooBig, SuspiciousOperation, UnreadablePostError):
        return False


def _has_length(request: HttpRequest) -> bool:
    """Say whether the length of the body, where one is named, is a number."""
    named = request.META.get("CONTENT_LENGTH") or "0"
    return named.isascii() and named.isdigit()


def _is_too_large(request: HttpRequest) -> bool:
    """Say whether the body is longer than is ever read; of a photo that is too large the rule of photos says so."""
    named = request.META.get("CONTENT_LENGTH") or "0"
    has_file = request.content_type == "multipart/form-data"
    longest = MOST_PHOTOS * settings.PHOTO_MAX_BYTES if has_file else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return _has_length(request) and (len(named) > len(str(longest)) or int(named) > longest)


def _is_utf_8(request: HttpRequest) -> bool:
    """Say whether texts can be decoded; Django would take any charset that Python knows, some of which are none."""
    return (request.content_params or {}).get("charset", "utf-8").lower() in {"utf-8", "utf8"}


def _texts(request: HttpRequest) -> Iterator[str]:
    """Return all texts of a request that a view may read, cheapest first."""
    yield request.path_info
    yield from request.COOKIES.values()
    yield from (text for values in request.GET.lists() for text in (values[0], *values[1]))
    if request.method not in SAFE and request.content_type in FORMS:
        yield from (text for values in request.POST.lists() for text in (values[0], *values[1]))
        for name, files in request.FILES.lists():
            yield name
            yield from (file.name or "" for file in files)


def _has_right_body(request: HttpRequest) -> bool:
    """Judge what is no text: lengths, and a body that says to be JSON."""
    if len(request.get_full_path()) > LONGEST_ADDRESS:
        return False
    if request.method in SAFE:
        return True
    if request.content_type == "application/json":
        return _is_json(request.body)
    if request.content_type not in FORMS:
        return True
    names = (file.name or "" for files in request.FILES.lists() for file in files[1])
    return all(len(name) <= LONGEST_NAME for name in request.POST) and all(map(_is_file_name, names))


def _is_json(body: bytes) -> bool:
    """Say whether a body is JSON whose texts can be kept."""
    try:
        return all(map(_can_be_kept, _texts_in(json.loads(body)))) if body else True
    except (ValueError, RecursionError):
        return False


def _texts_in(value: object) -> Iterable[str]:
    """Return all texts of a value that was read from JSON, without recursion: it may be deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one


def _can_be_kept(text: str) -> bool:
    """Say whether a text is one for PostgreSQL: no NUL, and no half of a pair of UTF-16."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text if letter >= "\ud800")


def _is_file_name(name: str) -> bool:
    return len(name.encode()) <= LONGEST_FILE_NAME
