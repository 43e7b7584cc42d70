"""Addresses of the operators' section “payouts”."""

from django.urls import path

from operators.payouts import views

urlpatterns = [
    path("payouts/", views.waiting, name="payouts"),
    path("payouts/waiting/csv/", views.waiting_as_csv, name="waiting_csv"),
    path("payouts/all/", views.payout_list, name="payout_list"),
    path("payouts/all/csv/", views.payouts_as_csv, name="payouts_csv"),
    path("payouts/all/<uuid:payout_id>/", views.payout, name="payout"),
    path("payouts/all/<uuid:payout_id>/back/", views.take_back, name="take_back_transfer"),
    path("payouts/runs/", views.run_list, name="payout_runs"),
    path("payouts/runs/csv/", views.runs_as_csv, name="runs_csv"),
    path("payouts/runs/<uuid:run_id>/", views.run, name="payout_run"),
    path("payouts/runs/<uuid:run_id>/<int:file_number>/", views.file, name="payout_file"),
    path("payouts/runs/<uuid:run_id>/<int:file_number>/confirm/", views.confirm, name="confirm_payouts"),
    path("payouts/friends/<uuid:friend_id>/", views.friend, name="payouts_of_friend"),
    path("payouts/friends/<uuid:friend_id>/lift/", views.lift, name="lift_hold"),
    path("payouts/friends/<uuid:friend_id>/pay/", views.pay, name="pay_friend"),
]
