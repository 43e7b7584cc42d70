"""Addresses of the partner API."""

from django.urls import path

from api.documentation import error_page, openapi
from api.reference import reference_page
from api.v1.account import Account
from api.v1.appointments import AppointmentConsent, Appointments
from api.v1.attachments import Attachments
from api.v1.booking_links import BookingLinks
from api.v1.documents import DocumentPdf, Documents, DocumentXml
from api.v1.events import Events, EventSignUps, OneEvent
from api.v1.messages import MessagePhoto, Messages
from api.v1.newsletter import NewsletterSubscribers
from api.v1.orders import OneOrder, OrderCancellation, OrderCheckout, OrderEvents, Orders, OrderTimes
from api.v1.other_times import OtherTimeChoice, OtherTimes, OtherTimesRefusal
from api.v1.packages import OnePackage, Packages
from api.v1.places import Coverage, Quotes
from api.v1.questions import AnswerPhoto, OrderQuestions, QuestionAnswer
from api.v1.sandbox import SandboxClock, SandboxMessages, SandboxSteps
from api.v1.webhook_endpoints import (
    OneWebhookEndpoint,
    WebhookEndpointReplay,
    WebhookEndpointResumption,
    WebhookEndpoints,
    WebhookEndpointSecret,
    WebhookEndpointTest,
)
from api.v1.work import OrderConfirmation, OrderObjection, OrderRating
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
    path("v1/orders/<uuid:order_id>/questions", OrderQuestions.as_view(), name="order_questions"),
    path(
        "v1/orders/<uuid:order_id>/questions/<uuid:question_id>/answer",
        QuestionAnswer.as_view(),
        name="question_answer",
    ),
    path("v1/orders/<uuid:order_id>/questions/<uuid:question_id>/photo", AnswerPhoto.as_view(), name="answer_photo"),
    path("v1/orders/<uuid:order_id>/other-times", OtherTimes.as_view(), name="other_times"),
    path("v1/orders/<uuid:order_id>/other-times/decline", OtherTimesRefusal.as_view(), name="other_times_refusal"),
    path(
        "v1/orders/<uuid:order_id>/other-times/<int:time_id>/choose",
        OtherTimeChoice.as_view(),
        name="other_time_choice",
    ),
    path("v1/orders/<uuid:order_id>/appointments", Appointments.as_view(), name="appointments"),
    path(
        "v1/orders/<uuid:order_id>/appointments/<int:appointment_id>/accept",
        AppointmentConsent.as_view(),
        name="appointment_consent",
    ),
    path("v1/orders/<uuid:order_id>/confirm", OrderConfirmation.as_view(), name="order_confirmation"),
    path("v1/orders/<uuid:order_id>/not-done", OrderObjection.as_view(), name="order_objection"),
    path("v1/orders/<uuid:order_id>/rating", OrderRating.as_view(), name="order_rating"),
    path("v1/orders/<uuid:order_id>/messages", Messages.as_view(), name="messages"),
    path("v1/orders/<uuid:order_id>/messages/<int:message_id>/photo", MessagePhoto.as_view(), name="message_photo"),
    path("v1/orders/<uuid:order_id>/documents", Documents.as_view(), name="documents"),
    path("v1/orders/<uuid:order_id>/documents/<uuid:document_uuid>/pdf", DocumentPdf.as_view(), name="document_pdf"),
    path("v1/orders/<uuid:order_id>/documents/<uuid:document_uuid>/xml", DocumentXml.as_view(), name="document_xml"),
    path("v1/booking-links", BookingLinks.as_view(), name="booking_links"),
    path("v1/attachments", Attachments.as_view(), name="attachments"),
    path("v1/account", Account.as_view(), name="account"),
    path("v1/webhook-endpoints", WebhookEndpoints.as_view(), name="webhook_endpoints"),
    path("v1/webhook-endpoints/<uuid:endpoint_id>", OneWebhookEndpoint.as_view(), name="webhook_endpoint"),
    path("v1/webhook-endpoints/<uuid:endpoint_id>/test", WebhookEndpointTest.as_view(), name="webhook_test"),
    path("v1/webhook-endpoints/<uuid:endpoint_id>/secret", WebhookEndpointSecret.as_view(), name="webhook_secret"),
    path("v1/webhook-endpoints/<uuid:endpoint_id>/resume", WebhookEndpointResumption.as_view(), name="webhook_resume"),
    path("v1/webhook-endpoints/<uuid:endpoint_id>/replay", WebhookEndpointReplay.as_view(), name="webhook_replay"),
    path("v1/sandbox/clock", SandboxClock.as_view(), name="sandbox_clock"),
    path("v1/sandbox/messages", SandboxMessages.as_view(), name="sandbox_messages"),
    path("v1/sandbox/orders/<uuid:order_id>/<slug:step>", SandboxSteps.as_view(), name="sandbox_step"),
    path("v1/events", Events.as_view(), name="events"),
    path("v1/events/<uuid:event_id>", OneEvent.as_view(), name="event"),
    path("v1/events/<uuid:event_id>/sign-ups", EventSignUps.as_view(), name="event_sign_ups"),
    path("v1/newsletter/subscribers", NewsletterSubscribers.as_view(), name="newsletter_subscribers"),
    # Whatever else is asked for is answered as programs read it.
    path("<path:rest>", Nothing.as_view(), name="nothing"),
]
