"""Addresses of the admin that nobody needs to sign in for. The sign-in stands here before Wagtail's own."""

from django.urls import path

from console import views
from console.support import views as support

urlpatterns = [
    path("theme.css", views.theme, name="admin_theme"),
    path("login/", views.to_sign_in, name="admin_sign_in"),
    path("support/enter/", support.enter, name="support_enter"),
    path("support/arrive/", support.arrive, name="support_arrive"),
]
