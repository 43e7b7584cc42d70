"""Addresses of the admin that nobody needs to sign in for."""

from django.urls import path

from console import views

urlpatterns = [path("theme.css", views.theme, name="admin_theme")]
