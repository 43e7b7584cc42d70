"""What every address has in common: who calls, what the key may do, how often, and that a call is answered once."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter
from rest_framework.authentication import BaseAuthentication
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import KeyAuthentication
from api.conditions import tagged
from api.deprecation import Deprecation, OurSchema
from api.errors import NothingThere, SendJson
from api.limits import count_call
from api.parsing import StrictJSONParser
from api.problems import refuse
from api.serializers import LONGEST_PAGE, Strict, checked
from developers.errors import IdempotencyKeyMissing, ScopeMissing
from developers.figures import note_figures
from developers.kinds import Scope
from developers.services import answer_once
from kernel.clock import real_now
from kernel.web.limits import unlimited
from tenants.requests import served_while_closed

# The part of a route that stands for an argument.
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
NAME = re.compile(r"[!-~]{1,255}")
PAGE = 20
REPEATED = "Idempotency-Replayed"
OTHER = "OTHER"
# The header of every call that writes.
ONCE = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)


class View(APIView):
    """An address of the API. ``scopes`` says by method what a key needs, ``deprecation`` that it will go away."""

    # Django REST framework's defaults stay what Wagtail's admin, which uses it too, takes them for.
    authentication_classes: ClassVar[tuple[type[BaseAuthentication], ...]] = (KeyAuthentication,)
    permission_classes = ()
    parser_classes = (StrictJSONParser,)
    renderer_classes = (JSONRenderer,)
    metadata_class = None
    scopes: ClassVar[Mapping[str, Scope]] = {}
    deprecation: ClassVar[Deprecation | None] = None
    schema: OurSchema | None = OurSchema()
    # What a query may say; a name that is not known is refused, as in a body.
    query: ClassVar[type[Strict]] = Strict
    # What the ETag of an answer begins with.
    version = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Note when the call began, and find out who calls and what the query asks for.

        Raises what ``check_permissions`` does, or ValidationError.
        """
        self.begun = time.perf_counter()
        super().initial(request, *args, **kwargs)
        is_read = request.method in {"GET", "HEAD"}
        self.asked = checked(self.query if is_read else Strict, request.query_params.dict())

    def get_exception_handler(self) -> Callable[[Exception, Mapping[str, Any]], HttpResponseBase | None]:
        """Return what makes problems of refusals."""
        return refuse

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """Return the view: keys have limits of their own, and orders are followed while the brand's site is closed."""
        return served_while_closed(unlimited(super().as_view(**initkwargs)))

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a refusal; a fault of ours goes its way, and counts.

        Raises what is a fault.
        """
        try:
            return super().handle_exception(exc)
        except Exception:
            self._note(self.request, HTTPStatus.INTERNAL_SERVER_ERROR.value)
            raise

    def check_permissions(self, request: Request) -> None:
        """Count the call and refuse a key that may not do it; before that it was found out whose key it is.

        Raises CallsTooFast or ScopeMissing.
        """
        self.allowance = count_call(request.auth, now=real_now())
        self.allowance.ensure_left()
        # Whoever may not read what is there is not told of it by its headers either.
        scope = self.scopes.get("GET" if request.method == "HEAD" else request.method)
        if scope is not None and scope not in request.auth.scopes:
            raise ScopeMissing(scope.value)

    def finalize_response(
        self, request: HttpRequest, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Say what is left of the key's allowance; answers hold what no cache should keep."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        for name, value in (self.allowance.headers if hasattr(self, "allowance") else {}).items():
            answer.headers[name] = value
        for name, value in (self.deprecation.headers if self.deprecation else {}).items():
            answer.headers[name] = value
        answer.headers["Cache-Control"] = "no-store"
        self._note(self.request, answer.status_code)
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            return answer
        if isinstance(answer, Response):
            answer.add_post_render_callback(lambda rendered: tagged(request, rendered, version=self.version))
            return answer
        return tagged(request, answer, version=self.version)

    def _note(self, request: Request, status: int) -> None:
        """Count the call for the figures of its key; one without a right key is nobody's."""
        if not hasattr(self, "allowance") or request.resolver_match is None:
            return
        address = CONVERTER.sub(r"{\1}", request.resolver_match.route)
        # Whoever makes up methods makes no figures of their own.
        method = request.method if (request.method or "").lower() in self.http_method_names else OTHER
        took_ms = (time.perf_counter() - self.begun) * 1000
        note_figures(
            key=str(request.auth.uuid),
            call=f"{method} /{address}",
            status=status,
            took_ms=took_ms,
            now=real_now(),
        )

    def sent(self, request: Request, kind: type[Strict]) -> dict[str, Any]:
        """Return the values of the body.

        Raises SendJson, BodyNotRight or ValidationError.
        """
        said = request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        # Of a form nothing would be left by now, and it would pass for an empty body.
        if said not in {"", StrictJSONParser.media_type}:
            raise SendJson
        return checked(kind, request.data)

    def once(self, request: Request, act: Callable[[], tuple[int, Any]], *, meant: Any = None) -> Response:
        """Do what a call asks for, once for each Idempotency-Key, and return the answer.

        ``meant`` is by what the same call is known again, where that is not its JSON.

        Raises IdempotencyKeyMissing, IdempotencyKeyReused, StillBeingAnswered, or what ``act`` raises.
        """
        name = request.headers.get("Idempotency-Key", "")
        if not NAME.fullmatch(name):
            raise IdempotencyKeyMissing
        # What was meant counts, not how it was spaced.
        said = json.dumps([request.method, request.path, meant or request.data], sort_keys=True)
        answered = answer_once(
            key=request.auth,
            idempotency_key=name,
            request_sha256=hashlib.sha256(said.encode()).hexdigest(),
            act=act,
            now=real_now(),
        )
        headers = {REPEATED: "true"} if answered.is_repeated else {}
        return Response(answered.body, status=answered.status, headers=headers)


class FileView(View):
    """An address that answers with a file, whatever a program says to accept; refusals are problems as everywhere."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[JSONRenderer, str]:
        """Return the renderer that only refusals would need."""
        renderer = JSONRenderer()
        return renderer, renderer.media_type


class Pages(CursorPagination):
    """Pages that stay as they are while rows come in."""

    page_size, max_page_size, page_size_query_param = PAGE, LONGEST_PAGE, "limit"

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return where the page begins: all lists are in order of a moment.

        Raises NothingThere for a cursor that we have not made.
        """
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and not _is_moment(cursor.position):
            raise NothingThere
        return cursor


def _is_moment(said: str) -> bool:
    try:
        moment = parse_datetime(said)
    except ValueError:
        return False
    return moment is not None and moment.tzinfo is not None


def jpeg(content: bytes) -> HttpResponse:
    """Answer with a photo."""
    return HttpResponse(content, content_type="image/jpeg")


class Nothing(View):
    """Every address that is none, for those who have a key and those who have not."""

    authentication_classes = ()
    schema = None

    def check_permissions(self, request: Request) -> None:
        """Let everybody know that there is nothing.

        Raises NothingThere.
        """
        raise NothingThere
