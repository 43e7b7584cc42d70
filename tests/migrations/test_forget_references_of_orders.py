"""What Wagtail's index of references held of orders is forgotten, and nothing else is."""

from importlib import import_module

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import ReferenceIndex

from cms.models import HomePage
from orders.models import Order
from tenants.models import Tenant
from tests.cast import Cast, book

migration = import_module("cms.migrations.0005_forget_references_of_orders")


def note_reference(source: Order | HomePage) -> None:
    """Write what the index holds of something that refers to an image."""
    [kind, image] = [ContentType.objects.get_for_model(source), ContentType.objects.get(model="image")]
    ReferenceIndex.objects.create(
        base_content_type=kind,
        content_type=kind,
        object_id=str(source.pk),
        to_content_type=image,
        to_object_id="1",
        model_path="image",
        content_path="image",
        content_path_hash=ReferenceIndex._get_content_path_hash("image"),
    )


def test_only_what_was_noted_of_orders_goes(inside_nord: Tenant, four_near: Cast) -> None:
    home = HomePage.objects.get(locale__language_code="de")
    note_reference(book(inside_nord))
    note_reference(home)
    before = ReferenceIndex.objects.count()

    with connection.cursor() as cursor:
        cursor.execute(migration.FORGET)

    assert ReferenceIndex.objects.count() == before - 1
    assert ReferenceIndex.objects.filter(object_id=str(home.pk), content_path="image").exists()
