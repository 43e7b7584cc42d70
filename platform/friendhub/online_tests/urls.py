"""Addresses of the friends' section “online tests”."""

from django.urls import path

from friendhub.online_tests import views

urlpatterns = [
    path("tests/", views.overview, name="tests"),
    path("tests/<slug:slug>/", views.rules, name="test"),
    path("tests/attempts/<uuid:attempt_id>/", views.paper, name="paper"),
]
