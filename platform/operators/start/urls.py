"""Addresses of the operators' section “desk”."""

from django.urls import path

from operators.start.views import desk

urlpatterns = [path("", desk, name="desk")]
