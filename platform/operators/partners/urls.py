"""Addresses of the operators' section “partners”."""

from django.urls import path

from operators.partners import (
    base_rate,
    calls,
    commissions,
    creation,
    hosts,
    life_cycle,
    operations,
    settings,
    support,
    views,
)

urlpatterns = [
    path("partners/", views.partner_list, name="partners"),
    path("base-rate/", base_rate.base_rate, name="base_rate"),
    path("new/", creation.new_partner, name="new_partner"),
    path("operations/<uuid:operation_id>/", operations.operation, name="operation"),
    path("partners/<slug:slug>/", views.overview, name="partner"),
    path("partners/<slug:slug>/settings/", settings.partner_settings, name="settings"),
    path("partners/<slug:slug>/commissions/", commissions.commissions, name="commissions"),
    path("partners/<slug:slug>/history/", settings.partner_history, name="history"),
    path("partners/<slug:slug>/calls/", calls.calls, name="calls"),
    path("partners/<slug:slug>/support/", support.support, name="support"),
    path("partners/<slug:slug>/support/<uuid:access_id>/end/", support.end, name="end_support"),
    path("partners/<slug:slug>/hosts/", hosts.hosts, name="hosts"),
    path("partners/<slug:slug>/hosts/<str:domain>/verify/", hosts.verify, name="verify_host"),
    path("partners/<slug:slug>/hosts/<str:domain>/primary/", hosts.primary, name="make_host_primary"),
    path("partners/<slug:slug>/hosts/<str:domain>/remove/", hosts.remove, name="remove_host"),
    path("partners/<slug:slug>/life-cycle/", life_cycle.life_cycle, name="life_cycle"),
    path("partners/<slug:slug>/suspend/", life_cycle.suspend, name="suspend"),
    path("partners/<slug:slug>/resume/", life_cycle.resume, name="resume"),
    path("partners/<slug:slug>/rename/", life_cycle.rename, name="rename"),
    path("partners/<slug:slug>/export/", life_cycle.export, name="export"),
    path("partners/<slug:slug>/delete/", life_cycle.delete, name="delete"),
    path("partners/<slug:slug>/undelete/", life_cycle.undelete, name="undelete"),
    path("archives/<uuid:operation_id>/", life_cycle.archive, name="archive"),
    path("support/enter/", support.enter, name="enter_support"),
]
