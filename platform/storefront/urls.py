"""Addresses of a brand site, below the language."""

from django.urls import path, register_converter

from orders.intake import STEPS
from storefront.views import aftermath, booking, catalogue, deciding, order, thread, waiting


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

app_name = "storefront"
urlpatterns = [
    path("packages/<slug:slug>/", catalogue.package, name="package"),
    path("packages/<slug:slug>/place/", catalogue.place, name="place"),
    path("packages/<slug:slug>/wait/", waiting.wait_for_place, name="wait_for_place"),
    path("waiting/<str:token>/", waiting.confirm, name="confirm_wish"),
    path("packages/<slug:slug>/book/", booking.start, name="start"),
    path("bookings/<uuid:draft_id>/<step:step>/", booking.step, name="step"),
    path("bookings/<uuid:draft_id>/photo/<slug:key>/", booking.photo, name="photo"),
    path("bookings/<uuid:draft_id>/photo/<slug:key>/forget/", booking.forget_photo, name="forget_photo"),
    path("bookings/<uuid:draft_id>/review/", booking.review, name="review"),
    path("bookings/<uuid:draft_id>/done/", booking.done, name="done"),
    path("orders/<str:token>/", order.order, name="order"),
    path("orders/<str:token>/date/<int:appointment_id>/", order.accept_date, name="accept_date"),
    path("orders/<str:token>/date/", order.propose_date, name="propose_date"),
    path("orders/<str:token>/confirm/", order.confirm, name="confirm"),
    path("orders/<str:token>/not-done/", order.not_done, name="not_done"),
    path("orders/<str:token>/messages/", thread.messages, name="messages"),
    path("orders/<str:token>/messages/<int:message_id>/photo/", thread.photo, name="message_photo"),
    path("orders/<str:token>/rate/", order.rate, name="rate"),
    path("orders/<str:token>/report-text/", order.report_text, name="report_text"),
    path("orders/<str:token>/report/<slug:about>/", order.report_words, name="report_words"),
    path("orders/<str:token>/cancel/", order.cancel, name="cancel"),
    path("orders/<str:token>/calendar/", order.calendar, name="calendar"),
    path("orders/<str:token>/no-show/", aftermath.no_show, name="no_show"),
    path("orders/<str:token>/i-am-here/", aftermath.i_am_here, name="i_am_here"),
    path("orders/<str:token>/pro/approve/", order.approve, name="approve_pro"),
    path("orders/<str:token>/pro/decline/", order.decline, name="decline_pro"),
    path("orders/<str:token>/friend/", order.photo_of_friend, name="friend_photo"),
    path("orders/<str:token>/diagnosis/<int:photo_id>/", order.photo_of_diagnosis, name="diagnosis_photo"),
    path("orders/<str:token>/questions/<uuid:question_id>/", deciding.answer_question, name="answer_question"),
    path("orders/<str:token>/questions/<uuid:question_id>/photo/", deciding.answer_photo, name="answer_photo"),
    path("orders/<str:token>/times/", deciding.change_times, name="change_times"),
    path("orders/<str:token>/times/<int:time_id>/", deciding.pick_time, name="pick_time"),
    path("orders/<str:token>/times/none/", deciding.decline_times, name="decline_times"),
]
