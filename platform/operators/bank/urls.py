"""Addresses of the operators' section “bank”."""

from django.urls import path

from operators.bank import views

urlpatterns = [
    path("bank/", views.desk, name="bank"),
    path("bank/<uuid:payment_id>/assign/", views.assign, name="assign_payment"),
    path("bank/<uuid:payment_id>/refund/", views.refund, name="refund_payment"),
    path("bank/<uuid:payment_id>/set-aside/", views.aside, name="set_payment_aside"),
    path("bank/invoices/", views.claim_list, name="claims"),
    path("bank/invoices/csv/", views.claims_as_csv, name="claims_csv"),
    path("bank/invoices/<uuid:claim_id>/write-off/", views.write_off, name="write_off"),
    path("bank/partner-invoices/", views.partner_invoice_list, name="partner_invoices"),
    path("bank/partner-invoices/csv/", views.partner_invoices_as_csv, name="partner_invoices_csv"),
    path("bank/partner-invoices/<uuid:invoice_id>/", views.partner_invoice, name="partner_invoice"),
    path("bank/payments/", views.payment_list, name="bank_payments"),
    path("bank/payments/csv/", views.payments_as_csv, name="bank_payments_csv"),
    path("bank/statements/", views.statement_list, name="bank_statements"),
    path("bank/statements/csv/", views.statements_as_csv, name="bank_statements_csv"),
]
