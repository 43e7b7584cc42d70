"""Addresses of the operators' pages, below the language."""

from django.urls import path

from console.operators.views import (
    creation,
    decisions,
    delivery,
    friends,
    hosts,
    life_cycle,
    operations,
    partners,
    settings,
    support,
)

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
    path("jobs/", decisions.jobs, name="jobs"),
    path("jobs/<uuid:job_id>/", decisions.job, name="job"),
    path("reviews/", decisions.reviews, name="reviews"),
    path("reviews/<uuid:review_id>/", decisions.review, name="review"),
    path("support/enter/", support.enter, name="enter_support"),
    path("delivery/", delivery.overview, name="delivery"),
    path("delivery/<int:message_id>/retry/", delivery.retry, name="retry_message"),
    path("documents/", friends.documents, name="documents"),
    path("documents/<uuid:check_id>/", friends.document, name="document"),
    path("documents/<uuid:check_id>/file/", friends.paper, name="document_file"),
    path("documents/<uuid:check_id>/approve/", friends.approve, name="approve_document"),
    path("documents/<uuid:check_id>/refuse/", friends.refuse, name="refuse_document"),
    path("pro-countries/", friends.countries, name="pro_countries"),
]
