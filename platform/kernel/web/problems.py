"""Refusals as programs read them: problem details by RFC 9457, for every address below /api/."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

API = "/api/"
# The page that explains all codes, on the host that was asked.
EXPLAINED_AT = "/api/v1/errors/"
CONTENT_TYPE = "application/problem+json"
# Codes of refusals that no rule of an app says: of the request itself, or of the server.
CODES = {
    HTTPStatus.BAD_REQUEST: "unreadable_request",
    HTTPStatus.UNAUTHORIZED: "key_missing",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.NOT_ACCEPTABLE: "not_acceptable",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body_too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    HTTPStatus.TOO_MANY_REQUESTS: "too_many_attempts",
    HTTPStatus.INTERNAL_SERVER_ERROR: "server_error",
    HTTPStatus.SERVICE_UNAVAILABLE: "unavailable",
}


def is_api(request: HttpRequest) -> bool:
    """Say whether a program asks, which wants no page."""
    return request.path_info.startswith(API)


def problem(
    request: HttpRequest,
    message: str,
    *,
    status: int,
    code: str = "",
    faults: Mapping[str, str] | None = None,
    **more: Any,
) -> JsonResponse:
    """Answer with problem details; ``faults`` has a message for each JSON pointer into the body that was sent."""
    status = HTTPStatus(status)
    code = code or CODES.get(status, "refused")
    body = {
        "type": f"{request.scheme}://{request.get_host()}{EXPLAINED_AT}#{code}",
        "title": status.phrase,
        "status": status.value,
        "code": code,
        "detail": message,
        "request_id": getattr(request, "log_id", ""),
        **more,
    }
    if faults:
        body["errors"] = [{"pointer": f"#{pointer}", "detail": detail} for pointer, detail in faults.items()]
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
