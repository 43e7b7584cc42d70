"""Addresses of the friends' section “jobs”."""

from django.urls import path

from friendhub.jobs import disruptions, escalation, extras, not_done, on_site, ratings, thread, views

urlpatterns = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/contact/", views.contact, name="contact"),
    path("jobs/<uuid:job_id>/date/", views.propose_date, name="propose_date"),
    path("jobs/<uuid:job_id>/date/<int:appointment_id>/", views.accept_date, name="accept_date"),
    path("jobs/<uuid:job_id>/report/", views.report, name="report"),
    path("jobs/<uuid:job_id>/pay/", on_site.pay, name="pay"),
    path("jobs/<uuid:job_id>/pay/card/", on_site.pay_by_card, name="pay_by_card"),
    path("jobs/<uuid:job_id>/pay/cash/", on_site.pay_in_cash, name="pay_in_cash"),
    path("jobs/<uuid:job_id>/photos/<int:answer_id>/", views.photo, name="photo"),
    path("jobs/<uuid:job_id>/give-back/", disruptions.give_back, name="give_back"),
    path("jobs/<uuid:job_id>/attempts/", disruptions.attempt, name="log_attempt"),
    path("jobs/<uuid:job_id>/not-there/", disruptions.no_show, name="no_show"),
    path("jobs/<uuid:job_id>/unreachable/", disruptions.unreachable, name="unreachable"),
    path("jobs/<uuid:job_id>/ask-again/", disruptions.ask_again, name="ask_again"),
    path("ratings/", ratings.ratings, name="ratings"),
    path("jobs/<uuid:job_id>/messages/", thread.messages, name="messages"),
    path("jobs/<uuid:job_id>/messages/<int:message_id>/photo/", thread.photo, name="message_photo"),
    path("jobs/<uuid:job_id>/rest-done/", not_done.rest_done, name="rest_done"),
    path("jobs/<uuid:job_id>/rate/", ratings.rate, name="rate_customer"),
    path("jobs/<uuid:job_id>/reply/", ratings.reply, name="reply"),
    path("jobs/<uuid:job_id>/report-words/", ratings.report, name="report_words"),
    path("jobs/<uuid:job_id>/extra/", extras.propose, name="propose_extra"),
    path("jobs/<uuid:job_id>/extra/take-back/", extras.take_back, name="take_extra_back"),
    path("jobs/<uuid:job_id>/escalate/", escalation.escalate, name="escalate"),
    path("jobs/<uuid:job_id>/diagnosis/<int:photo_id>/", escalation.diagnosis_photo, name="diagnosis_photo"),
]
