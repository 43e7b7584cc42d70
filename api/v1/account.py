"""The account: which partner and which key a call is made with, and what both may do."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import LONGEST_PAGE
from api.views import View
from developers.kinds import Scope
from developers.webhooks import endpoints
from orders.intake import MOST_WINDOWS
from tenants.models import Feature
from tenants.selectors import has_feature, takes_orders_by_api

MODES = ("live", "test")


class KeyOut(serializers.Serializer):
    """The key of this call, without its secret."""

    id = serializers.UUIDField(source="uuid")
    name = serializers.CharField()
    prefix = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.values))
    networks = serializers.ListField(child=serializers.CharField(), help_text="If empty, it may be used everywhere.")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)


class LimitsOut(serializers.Serializer):
    """What is bounded: calls in a minute, rows of a page, times of an order, bytes of a photo."""

    calls_of_key = serializers.IntegerField()
    calls_of_all_keys = serializers.IntegerField()
    longest_page = serializers.IntegerField()
    most_times = serializers.IntegerField()
    photo_bytes = serializers.IntegerField()


class AccountOut(serializers.Serializer):
    """The partner, with what its orders can be about."""

    slug = serializers.CharField()
    name = serializers.CharField()
    countries = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    time_zone = serializers.CharField()
    mode = serializers.ChoiceField(choices=MODES, help_text="Test keys work on the sandbox.")
    takes_orders = serializers.BooleanField(help_text="Whether orders through the API are switched on.")
    has_ratings = serializers.BooleanField()
    key = KeyOut()
    limits = LimitsOut()
    webhook_endpoints = serializers.IntegerField()


class Account(View):
    """Who calls."""

    @extend_schema(operation_id="read_account", responses=AccountOut)
    def get(self, request: Request) -> Response:
        """Read which partner and which key this is; any valid key may ask, so it is a good first call."""
        tenant = request.tenant
        body: dict[str, Any] = {
            "slug": tenant.slug,
            "name": tenant.name,
            "countries": tenant.countries,
            "languages": tenant.languages,
            "time_zone": tenant.time_zone,
            "mode": MODES[tenant.is_sandbox],
            "takes_orders": takes_orders_by_api(tenant),
            "has_ratings": has_feature(tenant, Feature.REVIEWS),
            "key": request.auth,
            "limits": {
                "calls_of_key": settings.API_CALLS_OF_KEY,
                "calls_of_all_keys": settings.API_CALLS_OF_PARTNER,
                "longest_page": LONGEST_PAGE,
                "most_times": MOST_WINDOWS,
                "photo_bytes": settings.PHOTO_MAX_BYTES,
            },
            "webhook_endpoints": endpoints().count(),
        }
        return Response(AccountOut(body).data)
