"""Addresses of the shop's section “newsletter”."""

from django.urls import path

from storefront.newsletter import views

urlpatterns = [
    path("newsletter/", views.newsletter, name="newsletter"),
    path("newsletter/confirm/<str:token>/", views.confirm_sign_up, name="confirm_newsletter"),
    path("newsletter/leave/<str:token>/", views.leave, name="leave_newsletter"),
    path("newsletter/choices/<str:token>/", views.choices, name="newsletter_choices"),
    path("newsletter/<uuid:issue_uuid>/", views.issue, name="newsletter_issue"),
]
