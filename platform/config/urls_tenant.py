"""URLs of a brand site: pages and shop below the language, the managers' admin beside it."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms.seo import robots, sitemap
from cms.views import serve
from config import views
from config.urls_common import handler400, handler404, handler429, handler500  # noqa: F401  # read by Django, allauth
from config.urls_common import urlpatterns as common
from console.views import to_sign_in

urlpatterns = [
    *common,
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("api/", include("api.urls")),
    path("admin/", include("console.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:name>", views.media, name="media"),
    *i18n_patterns(
        path("account/", include("signin.urls")),
        # Wagtail's own sign-in for pages knows no second factor.
        path("_util/login/", to_sign_in),
        # The catalogue is a page of the tree; the name lets all floors lead to it.
        path("packages/", serve, {"path": "packages/"}, name="catalogue"),
        path("", serve, {"path": ""}),
        path("", include("storefront.urls")),
        path("", include("memberhub.urls")),
        path("", include(wagtail_urls)),
    ),
]
