"""Addresses of the partner API."""

from django.urls import path

from api.documentation import error_page, openapi
from api.v1.orders import OneOrder, OrderCancellation, OrderCheckout, OrderEvents, Orders, OrderTimes
from api.v1.packages import OnePackage, Packages
from api.v1.places import Coverage, Quotes
from api.v1.sandbox import SandboxClock, SandboxMessages, SandboxSteps
from api.views import Nothing

app_name = "api"
urlpatterns = [
    path("v1/errors/", error_page, name="errors"),
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
    path("v1/sandbox/clock", SandboxClock.as_view(), name="sandbox_clock"),
    path("v1/sandbox/messages", SandboxMessages.as_view(), name="sandbox_messages"),
    path("v1/sandbox/orders/<uuid:order_id>/<slug:step>", SandboxSteps.as_view(), name="sandbox_step"),
    # Whatever else is asked for is answered as programs read it.
    path("<path:rest>", Nothing.as_view(), name="nothing"),
]
