"""Addresses of the friends' section “selling”."""

from django.urls import path

from friendhub.selling import views

urlpatterns = [
    path("payouts/selling/", views.selling, name="selling"),
]
