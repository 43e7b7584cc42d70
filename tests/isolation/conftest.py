"""What the tests of isolation share: a thread, pictures."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from wagtail.images.models import Image

from tenants.context import tenant_context
from tenants.models import Tenant
from tests.isolation.pictures import picture


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
