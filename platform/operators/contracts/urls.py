"""Addresses of the operators' section “contracts”."""

from django.urls import path

from operators.contracts import views

urlpatterns = [
    path("contracts/", views.contract_list, name="contracts"),
    path("contracts/new/", views.new_contract, name="new_contract"),
    path("contracts/<uuid:contract_id>/", views.contract, name="contract"),
    path("contracts/<uuid:contract_id>/change/", views.change, name="change_contract"),
    path("contracts/<uuid:contract_id>/end/", views.end, name="end_contract"),
    path("crossings/", views.crossing_list, name="crossings"),
    path("crossings/csv/", views.crossings_as_csv, name="crossings_csv"),
]
