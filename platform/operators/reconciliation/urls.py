"""Addresses of the operators' section “reconciliation”."""

from django.urls import path

from operators.reconciliation import views

urlpatterns = [
    path("reconciliation/", views.difference_list, name="reconciliation"),
    path("reconciliation/csv/", views.differences_as_csv, name="reconciliation_csv"),
    path("reconciliation/compare/", views.compare, name="compare_books"),
    path("reconciliation/<uuid:difference_id>/set-aside/", views.aside, name="set_difference_aside"),
]
