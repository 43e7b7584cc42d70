"""What every host answers: is it alive, the brand's colours, the style guide."""

import re
from http import HTTPStatus
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import connection
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kernel.web.themes import themes
from tenants.access.tokens import is_sealed
from tenants.isolation.storage import PURPOSE, is_shown
from tenants.migrating.behind import known_behind
from tenants.models import Tenant
from tenants.requests import Request, served_while_closed
from tenants.selectors import is_served
from tenants.services import wear

SCENES = ("table", "devices", "house", "evening", "door", "quiet", "repair", "unplugged")
YEAR_S = 365 * 24 * 3600


@served_while_closed
@require_safe
def health(request: Request) -> HttpResponse:
    """Say that the web server runs and reaches its database, and how many tenants it has refused as behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    behind = {"Quartett-Tenants-Behind": str(known_behind())}
    return HttpResponse("ok", content_type="text/plain", status=HTTPStatus.OK, headers=behind)


@served_while_closed
@require_safe
@cache_control(max_age=YEAR_S, public=True, immutable=True)
def theme(request: Request, digest: str) -> HttpResponse:
    """Give the partner's design tokens; their hash is in the address, so they may be kept for ever."""
    tenant = request.tenant
    if digest != tenant.theme_hash and not _wears(tenant, digest):
        raise Http404
    return HttpResponse(tenant.theme_css, content_type="text/css; charset=utf-8")


@require_safe
def tls_check(request: Request) -> HttpResponse:
    """Say whether a certificate may be got for ``?domain=``: 200 for a host that we serve, else 404 (1 query)."""
    served = is_served(request.GET.get("domain", ""))
    return HttpResponse(status=HTTPStatus.OK if served else HTTPStatus.NOT_FOUND)


@require_safe
def styleguide(request: Request) -> HttpResponse:
    """Show every component in every state, in this host's colours and its theme, or in another one: ``?theme=``."""
    wanted = request.GET.get("theme", "")
    if wanted in themes():
        wear(request.tenant, wanted)
    context = {"icon_names": _icon_names(), "themes": themes().values(), "scenes": SCENES}
    return render(request, "styleguide.html", context)


@require_safe
@cache_control(max_age=YEAR_S, private=True, immutable=True)
def media(request: Request, name: str) -> FileResponse:
    """Show a picture of this partner's pages to whoever has its sealed address; the folder is the host's schema's."""
    if not is_shown(name) or not is_sealed(name, request.GET.get("seal", ""), purpose=PURPOSE):
        raise Http404
    try:
        return FileResponse(default_storage.open(name))
    except (FileNotFoundError, IsADirectoryError, SuspiciousFileOperation) as error:
        raise Http404 from error


def _wears(tenant: Tenant, digest: str) -> bool:
    """Say whether the digest is that of the tenant's colours in another theme, and let it wear that one if so."""
    for slug in themes():
        wear(tenant, slug)
        if tenant.theme_hash == digest:
            return True
    return False


def _icon_names() -> list[str]:
    sprite = finders.find("quartett/icons.svg")
    return re.findall(r'id="([\w-]+)"', Path(sprite).read_text()) if sprite else []
