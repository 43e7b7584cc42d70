"""Addresses of the operators' section “delivery”."""

from django.urls import path

from operators.delivery import views

urlpatterns = [
    path("delivery/", views.overview, name="delivery"),
    path("delivery/<int:message_id>/retry/", views.retry, name="retry_message"),
]
