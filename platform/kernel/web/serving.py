"""Views that answer with a picture or a PDF."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse

P = ParamSpec("P")


def as_jpeg(view: Callable[P, bytes | None]) -> Callable[P, HttpResponse]:
    """Answer with the JPEG that a view returns; with 404 where it returns none or what it looks for is not there."""

    @wraps(view)
    def serving(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            content = view(*args, **kwargs)
        except ObjectDoesNotExist as error:
            raise Http404 from error
        if content is None:
            raise Http404
        return HttpResponse(content, content_type="image/jpeg")

    return serving


def xml_response(content: bytes, *, name: str) -> HttpResponse:
    """Answer with a file of XML that the browser saves under a name, and that no cache keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xml"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/xml", headers=headers)


def pdf_response(content: bytes, *, name: str) -> HttpResponse:
    """Answer with a PDF that the browser shows and saves under a name, and that no cache keeps."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
