"""Addresses of the friends' section “tax”."""

from django.urls import path

from friendhub.tax import views

urlpatterns = [
    path("payouts/tax/", views.seller_data, name="seller_data"),
]
