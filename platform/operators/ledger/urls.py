"""Addresses of the operators' section “ledger”."""

from django.urls import path

from operators.ledger import views

urlpatterns = [
    path("ledger/", views.trial, name="ledger"),
    path("ledger/csv/", views.trial_as_csv, name="ledger_csv"),
    path("ledger/close/", views.close, name="close_books"),
    path("ledger/accounts/", views.account_list, name="ledger_accounts"),
    path("ledger/accounts/csv/", views.accounts_as_csv, name="ledger_accounts_csv"),
    path("ledger/accounts/<uuid:account_id>/", views.account, name="ledger_account"),
    path("ledger/accounts/<uuid:account_id>/csv/", views.account_as_csv, name="ledger_account_csv"),
]
