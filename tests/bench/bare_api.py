"""What an API costs that does nothing but one row: Django REST framework without keys, limits, names or rules."""

from itertools import count
from typing import Any

from django.db import transaction
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel.clock import now
from orders.models import Order
from outbox.services import message, post_all
from tenants.context import tenant_context
from tenants.selectors import tenant_by_slug

FIELDS = ("uuid", "number", "state", "language", "package_name", "country", "postal_code", "town", "price_minor")
_serial = count()


class Bare(APIView):
    """One row in, or many out."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        """Write one row."""
        sent: dict[str, Any] = dict(request.data)
        with transaction.atomic():
            name = f"bench:{now().isoformat()}:{next(_serial)}"
            post_all([message(key=name, topic="bench", tenant_id=None, now=now(), package=sent["package"])])
        return Response({"id": name}, status=201)

    def get(self, request: Request) -> Response:
        """Read rows by one query."""
        limit = int(request.query_params["limit"])
        with tenant_context(tenant_by_slug("nord")):
            return Response({"results": list(Order.objects.order_by("-created_at", "-id").values(*FIELDS)[:limit])})


urlpatterns = [path("bare", Bare.as_view())]
