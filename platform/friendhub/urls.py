"""Addresses of the friends' app, below the language."""

from django.urls import path

from friendhub import communities, hand_over, views

app_name = "friendhub"
urlpatterns = [
    path("", views.offers, name="offers"),
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.SignOut.as_view(), name="sign_out"),
    path("jobs/", views.jobs, name="jobs"),
    path("profile/", views.profile, name="profile"),
    path("communities/enter/", communities.enter, name="enter_community"),
    path("communities/<slug:slug>/leave/", communities.leave, name="leave_community"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/accept/", views.accept, name="accept"),
    path("jobs/<uuid:job_id>/decline/", views.decline, name="decline"),
    path("jobs/<uuid:job_id>/contact/", views.contact, name="contact"),
    path("jobs/<uuid:job_id>/date/", views.propose_date, name="propose_date"),
    path("jobs/<uuid:job_id>/date/<int:appointment_id>/", views.accept_date, name="accept_date"),
    path("jobs/<uuid:job_id>/report/", views.report, name="report"),
    path("jobs/<uuid:job_id>/photos/<int:answer_id>/", views.photo, name="photo"),
    path("jobs/<uuid:job_id>/hand-over/", hand_over.hand_over, name="hand_over"),
    path("jobs/<uuid:job_id>/diagnosis/<int:photo_id>/", hand_over.diagnosis_photo, name="diagnosis_photo"),
]
