"""URLs of the platform's own hosts: start page, friends, operators. No Wagtail here: it has no tables in public."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from config import views
from config.urls_common import handler400, handler404, handler429, handler500  # noqa: F401  # read by Django, allauth
from config.urls_common import urlpatterns as common
from friendhub.pwa.views import service_worker
from stripe_gateway.views import sumup_webhook, webhook

urlpatterns = [
    *common,
    path("tls-check/", views.tls_check, name="tls_check"),
    path("stripe/webhook/", webhook, name="stripe_webhook"),
    path("sumup/webhook/", sumup_webhook, name="sumup_webhook"),
    path("service-worker.js", service_worker, name="service_worker"),
    path("", include("demo.urls")),
    *i18n_patterns(
        path("account/", include("signin.urls")),
        path("operators/", include("operators.urls")),
        path("", include("friendhub.urls")),
    ),
]
