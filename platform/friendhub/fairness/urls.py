"""Addresses of the friends' section “fairness”."""

from django.urls import path

from friendhub.fairness import handbook, views

urlpatterns = [
    path("why/", views.why, name="why"),
    path("why/<int:considered_id>/", views.decision, name="decision"),
    path("handbook/", handbook.handbook, name="handbook"),
    path("handbook/earnings/<slug:slug>/", handbook.earnings, name="earnings"),
]
