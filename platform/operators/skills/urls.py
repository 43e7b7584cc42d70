"""Addresses of the operators' section “skills”."""

from django.urls import path

from operators.skills import views

urlpatterns = [
    path("skills/", views.tree, name="skills"),
    path("skills/new/", views.new, name="new_skill"),
    path("skills/<int:skill_id>/", views.skill, name="skill"),
    path("skills/<int:skill_id>/retire/", views.retire, name="retire_skill"),
]
