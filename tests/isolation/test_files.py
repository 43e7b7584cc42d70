"""Files: a picture is shown by the sealed address of its own tenant, everything else by views that ask (R3, 3.3)."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.images.models import Image

from orders.models import Answer
from tenants.access.tokens import seal
from tenants.context import tenant_context
from tenants.isolation.storage import PURPOSE
from tenants.models import Tenant
from tests.cast import book, sign_in_staff
from tests.isolation.pictures import picture
from tests.responses import streamed

NORD, SUED, APP = (Client(headers={"host": f"{name}.localhost"}) for name in ("nord", "sued", "app"))


def test_a_picture_is_shown_by_its_sealed_address(picture_of_nord: Image, nord: Tenant) -> None:
    with tenant_context(nord):
        addresses = (picture_of_nord.file.url, picture_of_nord.get_rendition("width-20").url)
    for shown in addresses:
        answer = NORD.get(shown)

        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("image/")
        assert streamed(answer).startswith(b"\x89PNG")
        assert "private" in answer["Cache-Control"]


def test_a_sealed_address_of_one_tenant_is_404_at_another(picture_of_nord: Image, nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        url, name = picture_of_nord.file.url, picture_of_nord.file.name
    with tenant_context(sued):
        # Even where the other tenant has a file of that name.
        default_storage.save(name, ContentFile(picture("blue")))
    try:
        assert SUED.get(url).status_code == 404
        assert APP.get(url).status_code == 404
    finally:
        with tenant_context(sued):
            default_storage.delete(name)


@pytest.mark.parametrize("end", ["", "?seal=", "?seal=0123456789abcdef0123456789abcdef"])
def test_without_its_seal_a_picture_is_not_shown(picture_of_nord: Image, end: str) -> None:
    assert NORD.get(f"/media/{picture_of_nord.file.name}{end}").status_code == 404


@pytest.mark.parametrize(
    "name",
    ["images/../../t_sued/secret.png", "images/../intake/photo.jpg", "images/", "images/none.png", "/etc/passwd"],
)
def test_no_path_leads_out_of_the_folder_even_with_a_seal(nord: Tenant, name: str) -> None:
    with tenant_context(nord):
        sealed = seal(name, purpose=PURPOSE)
        default_storage.delete("intake/photo.jpg")
        default_storage.save("intake/photo.jpg", ContentFile(picture()))

    assert NORD.get(f"/media/{name}", {"seal": sealed}, follow=True).status_code == 404


def test_a_customers_photo_has_no_address_at_all(nord: Tenant, clock: object, four_near: object) -> None:
    order = book(nord)
    with tenant_context(nord):
        answer = Answer.objects.filter(order=order).first()
        assert answer is not None
        answer.photo.save("photo.jpg", ContentFile(picture()))
        name = answer.photo.name
        with pytest.raises(NotImplementedError, match="view of its own"):
            answer.photo.url  # noqa: B018  # the property raises
        sealed = seal(name, purpose=PURPOSE)
    try:
        assert NORD.get(f"/media/{name}", {"seal": sealed}).status_code == 404
    finally:
        with tenant_context(nord):
            default_storage.delete(name)


def test_a_document_goes_through_wagtails_view_on_its_own_host(nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        document = get_document_model().objects.create(title="Terms", file=ContentFile(b"terms of Nord", "terms.txt"))
        url = document.url
    try:
        assert streamed(NORD.get(url)) == b"terms of Nord"
        for host in (SUED, APP):
            assert host.get(url).status_code == 404
    finally:
        with tenant_context(nord):
            document.file.delete(save=False)


def test_a_manager_of_one_tenant_sees_no_picture_of_another(picture_of_nord: Image, nord: Tenant, sued: Tenant) -> None:
    client = Client(headers={"host": "sued.localhost"})
    sign_in_staff(client, "manager@sued.example")

    assert b"Shop window" not in client.get("/admin/images/").content
    assert client.get(f"/admin/images/{picture_of_nord.pk}/").status_code in {302, 404}
    with tenant_context(nord):
        url = picture_of_nord.file.url
    assert client.get(url).status_code == 404
