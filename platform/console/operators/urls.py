"""Addresses of the operators' pages, below the language."""

from django.urls import path

from console.operators import support

app_name = "operators"
urlpatterns = [
    path("partners/<slug:slug>/support/", support.support, name="support"),
    path("partners/<slug:slug>/support/<uuid:access_id>/end/", support.end, name="end_support"),
    path("support/enter/", support.enter, name="enter_support"),
]
