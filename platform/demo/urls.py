"""Addresses of the start page and of the mail reader."""

from django.urls import path

from demo import views

urlpatterns = [
    path("", views.start, name="start"),
    path("mail/", views.mailbox, name="mailbox"),
    path("mail/<str:name>/", views.mail, name="mail"),
    path("mail/<str:name>/html/", views.mail_html, name="mail_html"),
]
