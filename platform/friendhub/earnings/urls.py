"""Addresses of the friends' section “earnings”."""

from django.urls import path

from friendhub.earnings import views

urlpatterns = [
    path("earnings/", views.earnings, name="my_earnings"),
    path("earnings/<int:year>/pdf/", views.year_as_pdf, name="earnings_pdf"),
]
