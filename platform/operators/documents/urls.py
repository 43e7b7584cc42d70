"""Addresses of the operators' section “documents”."""

from django.urls import path

from operators.documents import views

urlpatterns = [
    path("documents/", views.documents, name="documents"),
    path("documents/<uuid:check_id>/", views.document, name="document"),
    path("documents/<uuid:check_id>/file/", views.file, name="document_file"),
    path("documents/<uuid:check_id>/approve/", views.approve, name="approve_document"),
    path("documents/<uuid:check_id>/refuse/", views.refuse, name="refuse_document"),
    path("pro-countries/", views.countries, name="pro_countries"),
]
