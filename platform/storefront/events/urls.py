"""Addresses of the section “events”; the pages that tell of them are the cms's."""

from django.urls import path

from storefront.events import views

urlpatterns = [
    path("events.ics", views.feed, name="event_feed"),
    path("event/<uuid:event_id>/", views.lead_to_page, name="event"),
    path("event/<uuid:event_id>/calendar.ics", views.calendar, name="event_calendar"),
    path("event/<uuid:event_id>/sign-up/", views.sign_up, name="event_sign_up"),
    path("attendance/<str:token>/", views.attendance, name="attendance"),
    path("attendance/<str:token>/confirm/", views.confirm, name="confirm_attendance"),
    path("attendance/<str:token>/leave/", views.leave, name="leave_event"),
]
