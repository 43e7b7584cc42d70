"""Addresses of the operators' section “tax”."""

from django.urls import path

from operators.tax import exports, retention, views

urlpatterns = [
    path("tax/", views.reports, name="tax"),
    path("tax/missing/csv/", views.missing_as_csv, name="missing_seller_data_csv"),
    path("tax/<int:year>/make/", views.make, name="make_tax_reports"),
    path("tax/reports/<uuid:report_id>/", views.report, name="tax_report"),
    path("tax/retention/", retention.retention, name="retention"),
    path("tax/exports/", exports.choose, name="accounting"),
    path("tax/exports/datev/", exports.as_datev, name="accounting_datev"),
    path("tax/exports/csv/", exports.as_csv, name="accounting_csv"),
]
