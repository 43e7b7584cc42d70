"""Addresses of the friends' section “offers”."""

from django.urls import path

from friendhub.offers import questions, views

urlpatterns = [
    path("", views.offers, name="offers"),
    path("jobs/<uuid:job_id>/accept/", views.accept, name="accept"),
    path("jobs/<uuid:job_id>/decline/", views.decline, name="decline"),
    path("jobs/<uuid:job_id>/report-text/", questions.report_text, name="report_text"),
    path("jobs/<uuid:job_id>/ask/", questions.ask, name="ask"),
    path("jobs/<uuid:job_id>/answers/<uuid:question_id>/photo/", questions.photo, name="answer_photo"),
    path("jobs/<uuid:job_id>/other-times/", questions.propose_times, name="other_times"),
    path("jobs/<uuid:job_id>/other-times/withdraw/", questions.withdraw_times, name="withdraw_times"),
]
