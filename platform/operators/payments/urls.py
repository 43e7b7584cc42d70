"""Addresses of the operators' section “payments”."""

from django.urls import path

from operators.payments import views

urlpatterns = [
    path("payments/", views.overview, name="payments"),
    path("payments/all/", views.payment_list, name="card_payments"),
    path("payments/all/csv/", views.payments_as_csv, name="card_payments_csv"),
    path("payments/disputes/", views.dispute_list, name="disputes"),
    path("payments/disputes/csv/", views.disputes_as_csv, name="disputes_csv"),
    path("payments/disputes/<uuid:dispute_id>/", views.dispute, name="dispute"),
    path("payments/disputes/<uuid:dispute_id>/answer/", views.answer, name="answer_dispute"),
    path("payments/disputes/<uuid:dispute_id>/record/", views.record, name="dispute_record"),
    path("payments/disputes/<uuid:dispute_id>/accept/", views.accept, name="accept_dispute"),
    path("payments/<uuid:payment_id>/look/", views.look_again, name="look_at_payment"),
    path("payments/<uuid:payment_id>/return/", views.return_wrong, name="return_payment"),
    path("payments/refunds/<uuid:refund_id>/again/", views.again, name="refund_again"),
    path("payments/refunds/<uuid:refund_id>/settle/", views.settle, name="settle_refund"),
]
