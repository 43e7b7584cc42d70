"""No page may be framed by anybody, but the admin shows previews in frames of its own host (R3)."""

import json

import pytest
from django.test import Client
from wagtail.blocks.base import BlockField
from wagtail.models import Page

from tenants.context import tenant_context
from tenants.models import Tenant


@pytest.fixture
def page(nord: Tenant) -> Page:
    with tenant_context(nord):
        return Page.objects.filter(depth=2).order_by("id").first()


def framed_by(answer: object) -> tuple[str, str]:
    """Return what the answer says of frames: the old header, and the policy's part."""
    [ancestors] = [
        part.strip()
        for part in answer["Content-Security-Policy"].split(";")  # type: ignore[index]  # an answer
        if part.strip().startswith("frame-ancestors")
    ]
    return answer["X-Frame-Options"], ancestors  # type: ignore[index]  # an answer


def test_the_preview_beside_the_editor_is_framed_by_its_own_host(manager_client: Client, page: Page) -> None:
    editor = manager_client.get(f"/admin/pages/{page.pk}/edit/")
    assert editor.status_code == 200
    assert f"/admin/pages/{page.pk}/edit/preview/" in editor.content.decode()
    form = editor.context["form"]
    fields = {name: value for name, value in form.initial.items() if isinstance(value, str)}
    fields |= {f"{name}-count": "0" for name, field in form.fields.items() if isinstance(field, BlockField)}
    kept = manager_client.post(f"/admin/pages/{page.pk}/edit/preview/", fields)
    assert json.loads(kept.content).keys() >= {"is_valid"}

    preview = manager_client.get(f"/admin/pages/{page.pk}/edit/preview/?in_preview_panel=true&mode=")

    assert preview.status_code == 200
    assert framed_by(preview) == ("SAMEORIGIN", "frame-ancestors 'self'")
    assert framed_by(editor) == ("DENY", "frame-ancestors 'none'")


def test_the_pages_of_the_brand_and_of_the_platform_are_framed_by_nobody(visitor: Client, nord: Tenant) -> None:
    platform = Client(headers={"host": "app.localhost"})
    for answer in (visitor.get("/en/"), visitor.get("/en/packages/"), platform.get("/en/sign-in/")):
        assert answer.status_code == 200
        assert framed_by(answer) == ("DENY", "frame-ancestors 'none'")
