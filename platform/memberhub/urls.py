"""Addresses of the community on a brand's host, below the language."""

from django.urls import path

from memberhub import views

app_name = "memberhub"
urlpatterns = [
    path("community/", views.community, name="community"),
    path("community/enter/", views.enter, name="enter_community"),
    path("community/arrive/", views.arrive, name="arrive_in_community"),
    path("community/sign-out/", views.sign_out, name="leave_site"),
]
