"""Addresses of the shop's section “catalogue”."""

from django.urls import path

from storefront.catalogue import costs, near, views, waiting

urlpatterns = [
    path("costs/", costs.costs, name="costs"),
    path("near/", near.near, name="near"),
    path("packages/<slug:slug>/", views.package, name="package"),
    path("packages/<slug:slug>/place/", views.place, name="place"),
    path("packages/<slug:slug>/wait/", waiting.wait_for_place, name="wait_for_place"),
    path("waiting/<str:token>/", waiting.confirm, name="confirm_wish"),
]
