"""Addresses of the friends' section “payouts”."""

from django.urls import path

from friendhub.payouts import connect, views

urlpatterns = [
    path("payouts/", views.payouts, name="payouts"),
    path("payouts/account/", views.account, name="payout_account"),
    path("payouts/stripe/", connect.choose, name="stripe_account"),
    path("payouts/stripe/go/", connect.go, name="to_stripe"),
    path("payouts/stripe/back/", connect.back, name="back_from_stripe"),
    path("payouts/stripe/stop/", connect.stop, name="stop_stripe"),
    path("payouts/<uuid:payout_id>/", views.payout, name="payout"),
    path("payouts/<uuid:payout_id>/pdf/", views.payout_as_pdf, name="payout_pdf"),
    path("payouts/<uuid:payout_id>/csv/", views.payout_as_csv, name="payout_csv"),
]
