"""The friends' app on a home screen: manifest, service worker, and the page for when there is no connection."""

import hashlib
import json

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kernel.web.themes import theme_by_slug
from tenants.context_processors import brand_of
from tenants.requests import Request

DAY_S = 24 * 3600
ICONS = (
    ("quartett/app/icon-192.png", "192x192", "any"),
    ("quartett/app/icon-512.png", "512x512", "any"),
    ("quartett/app/icon-maskable-512.png", "512x512", "maskable"),
)
PAPER = "#ffffff"


@require_safe
@cache_control(max_age=DAY_S, public=True)
def manifest(request: Request) -> JsonResponse:
    """Say how the app is called and looks on a home screen. It is one app in all languages."""
    brand = brand_of(request.tenant, request.LANGUAGE_CODE)
    content = {
        "id": "/friends",
        "name": pgettext("friend", "Quartett for friends"),
        "short_name": "Quartett",
        "description": pgettext("friend", "Offers near you, your jobs and your notifications."),
        "lang": request.LANGUAGE_CODE,
        "start_url": reverse("friendhub:offers"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": brand.colour,
        "icons": [
            {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for path, sizes, purpose in ICONS
        ],
        "shortcuts": [
            {"name": pgettext("friend", "My jobs"), "url": reverse("friendhub:jobs")},
            {"name": pgettext("friend", "Notifications"), "url": reverse("friendhub:notices")},
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
@cache_control(no_cache=True)
def service_worker(request: Request) -> HttpResponse:
    """Give the service worker, from the root, because it may only serve what lies below its own address."""
    offline = {code: _offline_path(code) for code, _name in settings.LANGUAGES}
    shell = [
        *offline.values(),
        f"/theme/{request.tenant.theme_hash}.css",
        static(theme_by_slug(request.tenant.theme).sheet),
        static("quartett/js/quartett.js"),
        static("quartett/icons.svg"),
        static("quartett/brands/quartett.svg"),
        static("quartett/fonts/figtree-latin-wght-normal.woff2"),
    ]
    version = hashlib.sha256(json.dumps([settings.VERSION, *shell]).encode()).hexdigest()[:12]
    context = {
        "version": version,
        "shell": json.dumps(shell),
        "offline": json.dumps(offline),
        "icon": static("quartett/app/icon-192.png"),
        "badge": static("quartett/app/badge-96.png"),
    }
    return render(request, "friendhub/pwa/service_worker.js", context, content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(max_age=DAY_S, public=True)
def offline(request: Request) -> HttpResponse:
    """Say that there is no connection. The service worker keeps this page, so it holds nothing of anybody."""
    return render(request, "friendhub/pwa/offline.html")


def _offline_path(language: str) -> str:
    with translation.override(language):
        return reverse("friendhub:offline")
