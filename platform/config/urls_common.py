"""Addresses that every host has."""

from django.urls import path

from config import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("theme/<str:digest>.css", views.theme, name="theme"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
handler400 = "kernel.web.answers.bad_request"
handler404 = "kernel.web.answers.not_found"
handler429 = "kernel.web.answers.too_many_requests"
handler500 = "kernel.web.answers.server_error"
