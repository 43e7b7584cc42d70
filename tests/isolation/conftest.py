"""What the tests of isolation share: the real cache, a thread, pictures."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.db import connection
from pytest_django.fixtures import Settings
from wagtail.images.models import Image

from config.settings import base
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.isolation.pictures import picture

# The embedded Valkey's databases that nothing else uses: one for each process of the run.
UNUSED_DATABASE = f"/{9 + int(settings.TEST_PROCESS.removeprefix('gw') or 0)}"


@pytest.fixture
def valkey(settings: Settings) -> Iterator[dict[str, Any]]:
    """Use the real cache, as the web does."""
    shipped = base.CACHES["default"] | {"BACKEND": "kernel.web.caches.ForgivingRedisCache"}
    address = urlsplit(base.env("CACHE_URL"))._replace(path=UNUSED_DATABASE)
    found = shipped | {"LOCATION": urlunsplit(address)}
    settings.CACHES = {"default": found}
    caches["default"].clear()
    yield found
    caches["default"].clear()


def in_thread(act: Callable[[], Any]) -> Any:
    """Run something in a thread of its own and return or raise what came of it."""
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append(act())
        except Exception as error:  # raised again below, where the test sees it
            outcome.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]


@pytest.fixture
def picture_of_nord(nord: Tenant) -> Iterator[Image]:
    """Upload a picture at Nord."""
    with tenant_context(nord):
        image = Image.objects.create(title="Shop window", file=ContentFile(picture(), "window.png"))
        image.get_rendition("width-20")
    yield image
    with tenant_context(nord):
        for rendition in image.renditions.all():
            rendition.file.delete(save=False)
        image.file.delete(save=False)
