"""Addresses of the operators' section “certificates”."""

from django.urls import path

from operators.certificates import views

urlpatterns = [
    path("certificates/", views.search, name="certificates"),
    path("certificates/<uuid:friend_id>/", views.of_friend, name="friend_certificates"),
    path("certificates/<int:certificate_id>/revoke/", views.revoke, name="revoke_certificate"),
]
