"""Addresses of the operators' section “online tests”."""

from django.urls import path

from operators.online_tests import views

urlpatterns = [
    path("online-tests/", views.test_list, name="online_tests"),
    path("online-tests/new/", views.new, name="new_online_test"),
    path("online-tests/<slug:slug>/", views.test, name="online_test"),
    path("online-tests/<slug:slug>/publish/", views.publish, name="publish_online_test"),
    path("online-tests/<slug:slug>/preview/", views.preview, name="preview_online_test"),
    path("online-tests/<slug:slug>/questions/new/", views.new_question, name="new_question"),
    path("online-tests/<slug:slug>/questions/<int:question_id>/", views.question, name="question"),
]
