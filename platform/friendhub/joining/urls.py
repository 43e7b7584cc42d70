"""Addresses of the friends' section “joining”."""

from django.urls import path, re_path

from friendhub.joining import passwords, sign_in, views

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign_out"),
    path("password/forgotten/", passwords.forgotten, name="password_forgotten"),
    path("password/sent/", passwords.sent, name="password_sent"),
    path("password/new/", passwords.new_password, name="new_password"),
    path("password/new/<str:token>/", passwords.follow_password_link, name="follow_password_link"),
    path("password/change/", passwords.change, name="change_password"),
    path("join/", views.start, name="join"),
    re_path(rf"^join/(?P<step>{'|'.join(views.STEPS)})/$", views.step, name="join_step"),
    path("join/sent/", views.sent, name="join_sent"),
    path("join/confirm/", views.confirm, name="confirm"),
    path("join/new-link/", views.new_link, name="new_link"),
    path("join/confirm/<str:token>/", views.follow_link, name="follow_link"),
    path("welcome/", views.joining, name="joining"),
]
