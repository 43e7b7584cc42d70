"""Addresses of the friends' section “pwa”."""

from django.urls import path

from friendhub.pwa import views

urlpatterns = [
    path("friends.webmanifest", views.manifest, name="manifest"),
    path("offline/", views.offline, name="offline"),
]
