"""Addresses of the community on a brand's host, below the language."""

from django.urls import path

from memberhub import events, views

app_name = "memberhub"
urlpatterns = [
    path("community/", views.community, name="community"),
    path("community/enter/", views.enter, name="enter_community"),
    path("community/arrive/", views.arrive, name="arrive_in_community"),
    path("community/events/", events.events, name="events"),
    path("community/events/<uuid:event_id>/sign-up/", events.sign_up, name="sign_up_for_event"),
    path("community/events/<uuid:event_id>/leave/", events.leave, name="leave_event"),
    path("community/sign-out/", views.sign_out, name="leave_site"),
]
