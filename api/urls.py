"""Addresses of the partner API."""

from django.urls import path

from api.documentation import error_page, openapi
from api.reference import reference_page
from api.v1.orders import OneOrder, OrderCancellation, OrderCheckout, OrderEvents, Orders, OrderTimes
from api.v1.packages import OnePackage, Packages
from api.v1.places import Coverage, Quotes
from api.v1.sandbox import SandboxMessages, SandboxSteps
from api.v1.webhook_endpoints import (
    OneWebhookEndpoint,
    WebhookEndpointReplay,
    WebhookEndpointResumption,
    WebhookEndpoints,
    WebhookEndpointSecret,
    WebhookEndpointTest,
)
from api.views import Nothing

app_name = "api"
urlpatterns = [
    path("v1/errors/", error_page, name="errors"),
    path("v1/docs/", reference_page, name="reference"),
    path("v1/openapi.json", openapi, name="openapi"),
    path("v1/packages", Packages.as_view(), name="packages"),
    path("v1/packages/<slug:slug>", OnePackage.as_view(), name="package"),
    path("v1/coverage", Coverage.as_view(), name="coverage"),
    path("v1/quotes", Quotes.as_view(), name="quotes"),
    path("v1/orders", Orders.as_view(), name="orders"),
    path("v1/orders/<uuid:order_id>", OneOrder.as_view(), name="order"),
    path("v1/orders/<uuid:order_id>/events", OrderEvents.as_view(), name="order_events"),
    path("v1/orders/<uuid:order_id>/times", OrderTimes.as_view(), name="order_times"),
    path("v1/orders/<uuid:order_id>/cancel", OrderCancellation.as_view(), name="order_cancellation"),
    path("v1/orders/<uuid:order_id>/checkout", OrderCheckout.as_view(), name="order_checkout"),
    path("v1/webhook-endpoints", WebhookEndpoints.as_view(), name="webhook_endpoints"),
    path("v1/webhook-endpoints/<uuid:endpoint_id>", OneWebhookEndpoint.as_view(), name="webhook_endpoint"),
    path("v1/webhook-endpoints/<uuid:endpoint_id>/test", WebhookEndpointTest.as_view(), name="webhook_test"),
    path("v1/webhook-endpoints/<uuid:endpoint_id>/secret", WebhookEndpointSecret.as_view(), name="webhook_secret"),
    path("v1/webhook-endpoints/<uuid:endpoint_id>/resume", WebhookEndpointResumption.as_view(), name="webhook_resume"),
    path("v1/webhook-endpoints/<uuid:endpoint_id>/replay", WebhookEndpointReplay.as_view(), name="webhook_replay"),
    path("v1/sandbox/messages", SandboxMessages.as_view(), name="sandbox_messages"),
    path("v1/sandbox/orders/<uuid:order_id>/<slug:step>", SandboxSteps.as_view(), name="sandbox_step"),
    # Whatever else is asked for is answered as programs read it.
    path("<path:rest>", Nothing.as_view(), name="nothing"),
]
