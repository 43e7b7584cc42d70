"""Addresses of the friends' app, below the language."""

from django.urls import path

from friendhub import aftermath, communities, questions, views, why

app_name = "friendhub"
urlpatterns = [
    path("", views.offers, name="offers"),
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.SignOut.as_view(), name="sign_out"),
    path("jobs/", views.jobs, name="jobs"),
    path("profile/", views.profile, name="profile"),
    path("communities/enter/", communities.enter, name="enter_community"),
    path("communities/<slug:slug>/leave/", communities.leave, name="leave_community"),
    path("why/", why.why, name="why"),
    path("why/<int:considered_id>/", why.decision, name="decision"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/accept/", views.accept, name="accept"),
    path("jobs/<uuid:job_id>/decline/", views.decline, name="decline"),
    path("jobs/<uuid:job_id>/contact/", views.contact, name="contact"),
    path("jobs/<uuid:job_id>/date/", views.propose_date, name="propose_date"),
    path("jobs/<uuid:job_id>/date/<int:appointment_id>/", views.accept_date, name="accept_date"),
    path("jobs/<uuid:job_id>/report/", views.report, name="report"),
    path("jobs/<uuid:job_id>/photos/<int:answer_id>/", views.photo, name="photo"),
    path("jobs/<uuid:job_id>/give-back/", aftermath.give_back, name="give_back"),
    path("jobs/<uuid:job_id>/attempts/", aftermath.attempt, name="attempt"),
    path("jobs/<uuid:job_id>/not-there/", aftermath.no_show, name="no_show"),
    path("jobs/<uuid:job_id>/unreachable/", aftermath.unreachable, name="unreachable"),
    path("jobs/<uuid:job_id>/ask-again/", aftermath.ask_again, name="ask_again"),
    path("jobs/<uuid:job_id>/ask/", questions.ask, name="ask"),
    path("jobs/<uuid:job_id>/answers/<uuid:question_id>/photo/", questions.photo, name="answer_photo"),
    path("jobs/<uuid:job_id>/other-times/", questions.propose_times, name="other_times"),
    path("jobs/<uuid:job_id>/other-times/withdraw/", questions.withdraw_times, name="withdraw_times"),
]
