"""What a process or the cache remembers is one tenant's (R3); on the real Valkey, with controls."""

from typing import Any

import pytest
from django.core.cache import cache
from django.template import Context, Template
from pytest_django.fixtures import Settings
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.images.models import Image
from wagtail.models import Locale, Page, Site
from wagtail.search.backends import get_search_backend

from tenants.context import platform_context, tenant_context
from tenants.models import Tenant

FRAGMENT = Template("{% load cache %}{% cache 500 navigation %}{{ name }}{% endcache %}")


@pytest.fixture
def leaky(valkey: dict[str, Any], settings: Settings) -> None:
    """Take the guard away: keys as Django makes them."""
    settings.CACHES = {"default": {name: valkey[name] for name in ("BACKEND", "LOCATION")}}


def fragment(tenant: Tenant) -> str:
    with tenant_context(tenant):
        return FRAGMENT.render(Context({"name": tenant.name}))


def test_a_key_of_one_tenant_is_not_there_for_another(valkey: object, nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        cache.set("key", "of Nord")
    with tenant_context(sued):
        assert cache.get("key") is None
        cache.set("key", "of Süd")
    with platform_context():
        assert cache.get("key") is None
    with tenant_context(nord):
        assert cache.get("key") == "of Nord"


def test_a_cached_piece_of_a_template_is_one_tenants(valkey: object, nord: Tenant, sued: Tenant) -> None:
    assert [fragment(nord), fragment(sued), fragment(nord)] == ["Nord", "Süd", "Nord"]


def test_control_without_the_key_function_a_cached_piece_is_everybodys(leaky: None, nord: Tenant, sued: Tenant) -> None:
    assert [fragment(nord), fragment(sued)] == ["Nord", "Nord"]


def roots(tenant: Tenant) -> list[str]:
    with tenant_context(tenant):
        return [path.root_url for path in Site.get_site_root_paths()]


def test_wagtails_site_roots_are_one_tenants(valkey: object, nord: Tenant, sued: Tenant) -> None:
    assert "nord.localhost" in roots(nord)[0]
    assert "sued.localhost" in roots(sued)[0]
    assert "nord.localhost" in roots(nord)[0]


def test_control_without_the_key_function_site_roots_are_everybodys(leaky: None, nord: Tenant, sued: Tenant) -> None:
    assert roots(nord) == roots(sued)


def test_locales_are_one_tenants(valkey: object, nord: Tenant, sued: Tenant) -> None:
    def languages(tenant: Tenant) -> list[str]:
        with tenant_context(tenant):
            for locale in Locale.objects.all():
                locale.get_display_name()
            get_supported_content_language_variant("de")
            return sorted(locale.language_code for locale in Locale.objects.all())

    assert [languages(nord), languages(sued), languages(nord)] == [
        ["de", "en"],
        ["de", "en", "fr", "it"],
        ["de", "en"],
    ]


def test_renditions_are_one_tenants(valkey: object, picture_of_nord: Image, nord: Tenant, sued: Tenant) -> None:
    """The second tenant has a picture with the same id; a shared cache would hand it the first one's rendition."""
    with tenant_context(nord):
        kept = picture_of_nord.get_rendition("width-20")
        model = type(kept)
        key = model.construct_cache_key(picture_of_nord, kept.filter.get_cache_key(picture_of_nord), "width-20")
        assert model.cache_backend.get(key) == kept
    with tenant_context(sued):
        twin = Image(pk=picture_of_nord.pk, title="Twin", file=picture_of_nord.file.name, width=40, height=30)
        with pytest.raises(model.DoesNotExist):
            twin.find_existing_rendition(kept.filter)


def test_search_finds_only_the_own_tenants_pages(nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        home = Page.objects.get(slug="home-de")
        home.title = "Zitronenfalter"
        home.save()
        assert [page.title for page in get_search_backend().search("Zitronenfalter", Page)] == ["Zitronenfalter"]
    with tenant_context(sued):
        assert list(get_search_backend().search("Zitronenfalter", Page)) == []
