"""Addresses of the shop's section “order”."""

from django.urls import path

from storefront.order import bills, deciding, disruptions, extras, paying, thread, tipping, views, withdrawing

urlpatterns = [
    path("withdraw/", withdrawing.withdraw, name="withdraw"),
    path("orders/<str:token>/", views.order, name="order"),
    path("orders/<str:token>/date/<int:appointment_id>/", views.accept_date, name="accept_date"),
    path("orders/<str:token>/date/", views.propose_date, name="propose_date"),
    path("orders/<str:token>/confirm/", views.confirm, name="confirm"),
    path("orders/<str:token>/not-done/", views.not_done, name="not_done"),
    path("orders/<str:token>/messages/", thread.messages, name="messages"),
    path("orders/<str:token>/messages/<int:message_id>/photo/", thread.photo, name="message_photo"),
    path("orders/<str:token>/rate/", views.rate, name="rate"),
    path("orders/<str:token>/report-text/", views.report_text, name="report_text"),
    path("orders/<str:token>/report/<slug:about>/", views.report_words, name="report_words"),
    path("orders/<str:token>/pay/", paying.pay, name="pay"),
    path("orders/<str:token>/pay-otherwise/", paying.pay_otherwise, name="pay_otherwise"),
    path("orders/<str:token>/tip/", tipping.tip, name="tip"),
    path("orders/<str:token>/tip/receipt/", tipping.receipt, name="tip_receipt"),
    path("orders/<str:token>/payment/", paying.change_payment, name="change_payment"),
    path("paid/<str:token>/", paying.paid, name="paid"),
    path("orders/<str:token>/cancel/", views.cancel, name="cancel"),
    path("orders/<str:token>/bills/<uuid:bill_uuid>/", bills.bill, name="bill"),
    path("orders/<str:token>/bills/<uuid:bill_uuid>/xml/", bills.bill_for_machines, name="bill_xml"),
    path("orders/<str:token>/calendar/", views.calendar, name="calendar"),
    path("orders/<str:token>/no-show/", disruptions.no_show, name="no_show"),
    path("orders/<str:token>/fee/", disruptions.object_to_fee, name="object_to_fee"),
    path("orders/<str:token>/i-am-here/", disruptions.i_am_here, name="i_am_here"),
    path("orders/<str:token>/pro/approve/", views.approve, name="approve_pro"),
    path("orders/<str:token>/pro/decline/", views.decline, name="decline_pro"),
    path("orders/<str:token>/extras/<uuid:extra_id>/accept/", extras.accept, name="accept_extra"),
    path("orders/<str:token>/extras/<uuid:extra_id>/decline/", extras.decline, name="decline_extra"),
    path("orders/<str:token>/extras/<uuid:extra_id>/pay/", extras.pay, name="pay_extra"),
    path("orders/<str:token>/friend/", views.photo_of_friend, name="friend_photo"),
    path("orders/<str:token>/diagnosis/<int:photo_id>/", views.photo_of_diagnosis, name="diagnosis_photo"),
    path("orders/<str:token>/questions/<uuid:question_id>/", deciding.answer_question, name="answer_question"),
    path("orders/<str:token>/questions/<uuid:question_id>/photo/", deciding.answer_photo, name="answer_photo"),
    path("orders/<str:token>/times/", deciding.change_times, name="change_times"),
    path("orders/<str:token>/times/<int:time_id>/", deciding.pick_time, name="pick_time"),
    path("orders/<str:token>/times/none/", deciding.decline_times, name="decline_times"),
]
