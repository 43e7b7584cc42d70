"""A partner with something of everything, and its archive."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from pytest_django.fixtures import Settings

from catalog.starter import clear_catalogue
from dispatch.models import Job
from journeys.accept_offer import accept_offer
from journeys.book_package import book_package
from journeys.invite_manager import invite_manager
from journeys.write_to_each_other import write_as_customer
from kernel.clock import now
from orders.photos import clean_photo
from orders.selectors import order_by_uuid
from orders.services import save_photo
from tenants.archive import export_tenant
from tenants.context import tenant_context
from tenants.domains import add_domain
from tenants.models import Tenant
from tenants.provisioning import provision_tenant
from tenants.selectors import CommissionRow, tenant_by_slug
from tenants.services import change_settings, set_commissions
from tests.cast import complete_draft, plant_package, register_friend
from tests.tenants.archive.archives import OWN_DOMAIN, WHO, delete, picture


@pytest.fixture
def ost(owner: None, clock: time_machine.Coordinates, tmp_path: Path, settings: Settings) -> Iterator[Tenant]:
    """Return a partner with friends, orders, photos, a message, pages, settings and history."""
    settings.MEDIA_ROOT, settings.ARCHIVES = tmp_path / "media", tmp_path / "archives"
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
    set_commissions(tenant=tenant, rows=[CommissionRow("wifi-setup", "", 900)], who=WHO, now=now())
    add_domain(tenant=tenant, domain=OWN_DOMAIN, who=WHO, now=now())
    yield tenant_by_slug("ost")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE crowd_friend, dispatch_job, outbox_message, tenants_operation CASCADE")
        cursor.execute("DELETE FROM accounts_user WHERE kind = 'friend'")


@pytest.fixture
def good(ost: Tenant) -> Path:
    """Return the archive of a partner that is deleted since."""
    made = export_tenant(tenant=ost, now=now())
    delete(ost)
    return made.path
