"""Addresses of the operators' pages, below the language."""

from django.urls import path

from console.operators.views import creation, operations, partners, settings, support

app_name = "operators"
urlpatterns = [
    path("", partners.partner_list, name="partners"),
    path("new/", creation.new_partner, name="new_partner"),
    path("operations/<uuid:operation_id>/", operations.operation, name="operation"),
    path("partners/<slug:slug>/", partners.overview, name="partner"),
    path("partners/<slug:slug>/settings/", settings.partner_settings, name="settings"),
    path("partners/<slug:slug>/commissions/", settings.commissions, name="commissions"),
    path("partners/<slug:slug>/history/", settings.partner_history, name="history"),
    path("partners/<slug:slug>/support/", support.support, name="support"),
    path("partners/<slug:slug>/support/<uuid:access_id>/end/", support.end, name="end_support"),
    path("support/enter/", support.enter, name="enter_support"),
]
