"""Addresses of the friends' app, below the language."""

from django.urls import path, re_path

from friendhub import aftermath, communities, joining, profiles, pros, views, why

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
    path("join/", joining.start, name="join"),
    re_path(rf"^join/(?P<step>{'|'.join(joining.STEPS)})/$", joining.step, name="join_step"),
    path("join/sent/", joining.sent, name="join_sent"),
    path("join/confirm/<str:token>/", joining.confirm, name="confirm"),
    path("welcome/", joining.joining, name="joining"),
    path("profile/edit/", profiles.edit, name="edit_profile"),
    path("profile/photo/", profiles.photo, name="my_photo"),
    path("profile/pro/", pros.pro, name="pro"),
    path("availability/", profiles.availability, name="availability"),
    path("availability/exceptions/", profiles.add, name="add_exception"),
    path("availability/exceptions/<int:exception_id>/remove/", profiles.remove, name="remove_exception"),
    path("availability/pause/", profiles.pause, name="pause"),
    path("availability/resume/", profiles.resume, name="resume"),
    path("communities/", communities.communities, name="communities"),
    path("communities/overflow/", communities.overflow, name="switch_overflow"),
    path("communities/<slug:slug>/join/", communities.join, name="join_community"),
    path("communities/<slug:slug>/block/", communities.block, name="block_partner"),
    path("communities/<slug:slug>/unblock/", communities.unblock, name="unblock_partner"),
    path("jobs/<uuid:job_id>/give-back/", aftermath.give_back, name="give_back"),
    path("jobs/<uuid:job_id>/attempts/", aftermath.attempt, name="attempt"),
    path("jobs/<uuid:job_id>/not-there/", aftermath.no_show, name="no_show"),
    path("jobs/<uuid:job_id>/unreachable/", aftermath.unreachable, name="unreachable"),
    path("jobs/<uuid:job_id>/ask-again/", aftermath.ask_again, name="ask_again"),
]
