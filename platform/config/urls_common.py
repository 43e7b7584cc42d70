"""Addresses that every host has."""

from django.urls import path

from config import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("theme/<str:digest>.css", views.theme, name="theme"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
handler400 = "kernel.answers.bad_request"
handler404 = "kernel.answers.not_found"
handler429 = "kernel.answers.too_many_requests"
handler500 = "kernel.answers.server_error"
