"""Addresses of the friends' section “payouts”."""

from django.urls import path

from friendhub.payouts import views

urlpatterns = [
    path("payouts/", views.payouts, name="payouts"),
    path("payouts/account/", views.account, name="payout_account"),
    path("payouts/<uuid:payout_id>/", views.payout, name="payout"),
    path("payouts/<uuid:payout_id>/csv/", views.payout_as_csv, name="payout_csv"),
]
