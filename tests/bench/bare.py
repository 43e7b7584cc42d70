"""A view behind no middleware, which asks nobody anything: what Django itself costs a request."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def bare(request: HttpRequest) -> HttpResponse:
    """Answer."""
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare)]
