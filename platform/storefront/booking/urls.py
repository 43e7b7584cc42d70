"""Addresses of the shop's section “booking”."""

from django.urls import path, register_converter

from orders.intake import STEPS
from storefront.booking import review, views


class StepConverter:
    """One of the booking's steps."""

    regex = "|".join(STEPS)

    def to_python(self, value: str) -> str:
        """Return the step."""
        return value

    def to_url(self, value: str) -> str:
        """Return the step."""
        return value


register_converter(StepConverter, "step")


urlpatterns = [
    path("packages/<slug:slug>/book/", views.start, name="start"),
    path("bookings/<uuid:draft_id>/<step:step>/", views.step, name="step"),
    path("bookings/<uuid:draft_id>/photo/<slug:key>/", views.photo, name="photo"),
    path("bookings/<uuid:draft_id>/photo/<slug:key>/forget/", views.forget_photo, name="forget_photo"),
    path("bookings/<uuid:draft_id>/review/", review.review, name="review"),
    path("bookings/<uuid:draft_id>/voucher/", review.voucher, name="voucher"),
    path("bookings/<uuid:draft_id>/done/", review.done, name="done"),
]
