"""Addresses of the friends' section “inbox”."""

from django.urls import path

from friendhub.inbox import views

urlpatterns = [
    path("notices/", views.inbox, name="notices"),
    path("notices/read/", views.read_all, name="read_all_notices"),
    path("notices/<int:notice_id>/read/", views.read, name="read_notice"),
    path("notices/settings/", views.preferences, name="notice_settings"),
    path("notices/settings/devices/", views.add_device, name="add_device"),
    path("notices/settings/devices/<uuid:device_id>/remove/", views.remove_device, name="remove_device"),
    path("notices/settings/test/", views.send_test, name="send_test_notice"),
]
