"""Addresses of the friends' section “profile”."""

from django.urls import path

from friendhub.profile import communities, editing, pros, views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("communities/enter/", communities.enter, name="enter_community"),
    path("communities/<slug:slug>/leave/", communities.leave, name="leave_community"),
    path("profile/edit/", editing.edit, name="edit_profile"),
    path("profile/photo/", editing.photo, name="my_photo"),
    path("profile/pro/", pros.pro, name="pro"),
    path("availability/", editing.availability, name="availability"),
    path("availability/exceptions/", editing.add, name="add_exception"),
    path("availability/exceptions/<int:exception_id>/remove/", editing.remove, name="remove_exception"),
    path("availability/pause/", editing.pause, name="pause"),
    path("availability/resume/", editing.resume, name="resume"),
    path("communities/", communities.communities, name="communities"),
    path("communities/overflow/", communities.overflow, name="switch_overflow"),
    path("communities/<slug:slug>/join/", communities.join, name="join_community"),
    path("communities/<slug:slug>/block/", communities.block, name="block_partner"),
    path("communities/<slug:slug>/unblock/", communities.unblock, name="unblock_partner"),
]
