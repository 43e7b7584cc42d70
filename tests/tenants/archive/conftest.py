"""A partner with something of everything, and its archive, which is made once a run: it takes seconds."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from catalog.starter import clear_catalogue
from crowd.services import ensure_friend_rows
from dispatch.models import Job
from journeys.order.booking.book_package import book_package
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.talking.write_to_each_other import write_as_customer
from journeys.partner.invite_manager import invite_manager
from kernel.clock import now
from orders.photos import clean_photo
from orders.selectors import order_by_uuid
from orders.services.drafts import save_photo
from tenants.context import platform_context, tenant_context
from tenants.hosts.domains import add_domain
from tenants.lifecycle.archive import export_tenant
from tenants.lifecycle.provisioning import provision_tenant
from tenants.models import PUBLIC, Commission, Tenant
from tenants.selectors import tenant_by_slug
from tenants.services import change_settings
from tests.cast import complete_draft, plant_package, register_friend
from tests.conftest import NOON
from tests.databases import as_owner, drop_strangers, empty
from tests.tenants.archive.archives import OWN_DOMAIN, WHO, delete, picture


@pytest.fixture
def folders(tmp_path: Path, settings: Settings) -> None:
    """Keep this test's uploads and archives in a folder of its own."""
    settings.MEDIA_ROOT, settings.ARCHIVES = tmp_path / "media", tmp_path / "archives"


@pytest.fixture
def ost(owner: None, folders: None) -> Iterator[Tenant]:
    """Return a partner with friends, orders, photos, a message, pages, settings and history."""
    with partner_with_everything() as tenant:
        yield tenant


@pytest.fixture(scope="session")
def made_once(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the archive of a partner that is deleted since, with everything that it had."""
    folder = tmp_path_factory.mktemp("archive")
    with (
        django_db_blocker.unblock(),
        as_owner(),
        time_machine.travel(NOON, tick=False),
        override_settings(MEDIA_ROOT=folder / "media", ARCHIVES=folder),
        partner_with_everything() as tenant,
    ):
        made = export_tenant(tenant=tenant, now=now())
        delete(tenant)
    return made.path


@pytest.fixture
def good(owner: None, folders: None, made_once: Path, settings: Settings) -> Iterator[Path]:
    """Return the archive of a partner that is deleted since, and whose friends are still here."""
    Path(settings.ARCHIVES).mkdir()
    path = Path(shutil.copy(made_once, settings.ARCHIVES))
    with zipfile.ZipFile(path) as file, platform_context():
        ensure_friend_rows([json.loads(line) for line in file.read("friends.jsonl").splitlines()], now=now())
    yield path
    forget_friends()


@contextmanager
def partner_with_everything() -> Iterator[Tenant]:
    """Have the partner inside the block, and nothing of it afterwards."""
    tenant = provision_tenant(
        slug="ost", name="Ost", languages=["de", "en"], default_language="de", countries=["DE"], currency="EUR",
        email="hello@ost.example", brand_colour="#336699",
    )  # fmt: skip
    with tenant_context(tenant):
        clear_catalogue()
        plant_package("DE", "EUR")
        invite_manager(
            email="maja@ost.example", first_name="Maja", last_name="Ost", language="de",
            group_name="Community managers", now=now(),
        )  # fmt: skip
    friends = [register_friend(name, km=km, communities=[tenant.pk]) for km, name in enumerate(("Ida", "Jan"), start=1)]
    with tenant_context(tenant):
        draft = complete_draft()
        save_photo(draft=draft, question_key="photo", content=clean_photo(SimpleUploadedFile("a.jpg", picture())))
        assigned = book_package(draft_id=draft.pk, language="de", now=now())
        book_package(draft_id=complete_draft().pk, language="en", now=now())
    job = Job.objects.get(order_id=assigned.uuid)
    accept_offer(job_id=job.pk, friend_id=friends[0].pk, now=now())
    with tenant_context(tenant):
        write_as_customer(order=order_by_uuid(assigned.uuid), words="This is my router.", photo=picture(), now=now())
    change_settings(tenant=tenant, who=WHO, now=now(), wave_size=3, tagline={"de": 'Hallo\t\\N "ö"', "en": "Hi 'x'"})
    Commission.objects.create(tenant=tenant, package_slug="wifi-setup", basis_points=900)
    add_domain(tenant=tenant, domain=OWN_DOMAIN, who=WHO, now=now())
    try:
        yield tenant_by_slug("ost")
    finally:
        drop_strangers({"nord", "sued"})
        forget_friends()


def forget_friends() -> None:
    """Take away what the tests have committed in the shared tables."""
    with connection.cursor() as cursor:
        empty(cursor, PUBLIC, ("crowd_friend", "dispatch_job", "outbox_message", "tenants_operation"))
        cursor.execute("DELETE FROM accounts_user WHERE kind = 'friend'")
