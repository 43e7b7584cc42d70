"""Addresses of the admin that nobody needs to sign in for."""

from django.urls import path

from console import support, views

urlpatterns = [
    path("theme.css", views.theme, name="admin_theme"),
    path("support/enter/", support.enter, name="support_enter"),
    path("support/arrive/", support.arrive, name="support_arrive"),
]
