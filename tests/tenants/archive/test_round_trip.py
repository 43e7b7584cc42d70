"""What was exported comes back: here, beside the original, and elsewhere."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from catalog.models import Package
from crowd.models import Candidate, Friend, Membership
from dispatch.models import Deadline, Job, Offer
from events.models import Event, SignUp
from events.states import SignUpState
from journeys.links import order_token
from journeys.order.booking.book_package import book_package
from journeys.partner.invite_manager import invite_manager
from journeys.partner.leave_platform import restore_partner
from kernel.clock import now
from newsletters.models import Issue
from newsletters.states import IssueState
from orders.models import Answer, Order, ThreadMessage
from outbox.models import Message
from tenants.context import tenant_context
from tenants.errors import SchemaBehind, UnableToCreateTenant
from tenants.lifecycle import media
from tenants.lifecycle.archive import export_tenant
from tenants.models import Domain, Tenant
from tests.cast import complete_draft
from tests.tenants.archive.archives import OWN_DOMAIN, delete, everything_of, traces_of


def test_what_was_exported_comes_back_row_by_row_and_file_by_file(ost: Tenant) -> None:
    before = everything_of(ost)
    with tenant_context(ost):
        order = Order.objects.order_by("id")[0]
        path = f"/en/orders/{order_token(order.uuid)}/"
        photo = Answer.objects.exclude(photo="").get().photo.name
    assert len(before["files"]) >= 1
    for table in (
        "orders_order",
        "orders_threadmessage",
        "wagtailcore_page",
        "accounts_user",
        "public.dispatch_offer",
        "public.outbox_message",
        "public.crowd_membership",
    ):
        assert before[table], table
    made = export_tenant(tenant=ost, now=now())
    delete(ost)
    assert traces_of("t_ost") == []
    assert Friend.objects.get(first_name="Ida").open_jobs == 0

    back = restore_partner(source=made.path, now=now()).tenant

    after = everything_of(back)
    assert after.keys() == before.keys()
    for part, rows in before.items():
        assert after[part] == rows, part
    assert Client(headers={"host": "ost.localhost"}).get(path).status_code == 200
    with tenant_context(back):
        assert Answer.objects.exclude(photo="").get().photo.name == photo
    ida = Friend.objects.get(first_name="Ida")
    assert ida.open_jobs == 1
    assert Candidate.objects.filter(friend=ida, community=back.pk).exists()


def test_what_customer_and_friend_wrote_goes_with_the_partner_and_comes_back(ost: Tenant) -> None:
    customer = Client(headers={"host": "ost.localhost"})
    with tenant_context(ost):
        message = ThreadMessage.objects.get()
        path = f"/en/orders/{order_token(message.order.uuid)}/messages/"
    shown = f"{path}{message.pk}/photo/"
    page, photo = customer.get(path).content.decode(), customer.get(shown).content
    file = media.folder_of("t_ost") / message.photo.name
    assert "This is my router." in page
    assert shown in page
    assert file.read_bytes() == photo
    made = export_tenant(tenant=ost, now=now())
    with zipfile.ZipFile(made.path) as archive:
        assert b"This is my router." in archive.read("data/orders_threadmessage.copy")
        assert archive.read(f"media/{message.photo.name}") == photo

    delete(ost)

    assert not file.exists()
    assert traces_of("t_ost") == []
    assert customer.get(path).status_code == 404

    restore_partner(source=made.path, now=now())

    assert "This is my router." in customer.get(path).content.decode()
    assert customer.get(shown).content == photo


def test_a_partner_that_came_back_goes_on(ost: Tenant) -> None:
    made = export_tenant(tenant=ost, now=now())
    delete(ost)
    back = restore_partner(source=made.path, now=now()).tenant

    with tenant_context(back):
        order = book_package(draft_id=complete_draft().pk, language="en", now=now())
        invite_manager(
            email="mona@ost.example", first_name="Mona", last_name="Ost", language="de",
            group_name="Community managers", now=now(),
        )  # fmt: skip

    job = Job.objects.get(order_id=order.uuid)
    assert (job.tenant_id, job.offers.count()) == (back.pk, 2)
    # Triggers are on again.
    with pytest.raises(Exception, match="append"), tenant_context(back), connection.cursor() as cursor:
        cursor.execute("UPDATE orders_orderevent SET who = 'x'")


def test_an_own_domain_comes_back_unverified_with_its_token(ost: Tenant) -> None:
    Domain.objects.filter(domain=OWN_DOMAIN).update(is_verified=True)
    token = Domain.objects.get(domain=OWN_DOMAIN).verification_token
    made = export_tenant(tenant=ost, now=now())
    delete(ost)

    restore_partner(source=made.path, now=now())

    domain = Domain.objects.get(domain=OWN_DOMAIN)
    assert (domain.is_verified, domain.verification_token) == (False, token)


def test_a_copy_beside_the_original_is_complete_and_starts_nothing(ost: Tenant) -> None:
    before = everything_of(ost)
    made = export_tenant(tenant=ost, now=now())

    imported = restore_partner(source=made.path, slug="ost-two", now=now())

    copy = imported.tenant
    assert copy.schema_name == "t_ost_two"
    assert imported.domains_left_out == (OWN_DOMAIN,)
    assert everything_of(ost) == before
    after = everything_of(copy)
    assert {part: len(rows) for part, rows in after.items()} == {part: len(rows) for part, rows in before.items()} | {
        "public.dispatch_deadline": 0,
        "public.outbox_message": 0,
        "domains": 1,
    }
    jobs = {job.order_id: job.pk for job in Job.objects.filter(tenant_id=copy.pk)}
    with tenant_context(copy):
        assert {order.uuid: order.job_id for order in Order.objects.all()} == jobs
    assert not Job.objects.filter(tenant_id=ost.pk, pk__in=jobs.values()).exists()
    assert set(Offer.objects.filter(job__in=jobs.values()).values_list("community", flat=True)) == {copy.pk}
    assert Client(headers={"host": "ost-two.localhost"}).get("/en/").status_code == 200
    delete(copy)
    assert everything_of(ost) == before


def test_a_copy_beside_the_original_writes_to_no_reader_and_no_guest(ost: Tenant) -> None:
    with tenant_context(ost):
        for state in IssueState:
            began = None if state in {IssueState.DRAFT, IssueState.SCHEDULED} else now()
            planned = None if state == IssueState.DRAFT else now()
            Issue.objects.create(
                key=uuid4(), title=state, state=state, prepared_at=now(), scheduled_at=planned, started_at=began
            )
        starts_at = now() + timedelta(days=3)
        event = Event.objects.create(
            id=uuid4(), starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), time_zone="Europe/Berlin",
            place="Market 1", created_at=now(),
        )  # fmt: skip
        SignUp.objects.create(
            event=event, name="Ada", email="ada@ost.example", language="de", state=SignUpState.GOING, created_at=now()
        )
    made = export_tenant(tenant=ost, now=now())

    copy = restore_partner(source=made.path, slug="ost-two", now=now()).tenant

    with tenant_context(copy):
        assert dict(Issue.objects.values_list("title", "state")) == {
            **{state: state for state in IssueState},
            IssueState.SCHEDULED: IssueState.DRAFT,
            IssueState.SENDING: IssueState.PAUSED,
        }
        assert SignUp.objects.get().reminded_at is not None
    with tenant_context(ost):
        assert SignUp.objects.get().reminded_at is None
        assert Issue.objects.filter(title=IssueState.SENDING, state=IssueState.SENDING).exists()


def test_elsewhere_unknown_friends_are_a_first_name_that_is_never_asked(ost: Tenant) -> None:
    made = export_tenant(tenant=ost, now=now())
    delete(ost)
    Friend.objects.all().delete()

    back = restore_partner(source=made.path, now=now()).tenant

    ida = Friend.objects.get(first_name="Ida")
    assert (ida.last_name, ida.email, ida.phone, ida.is_active) == ("", "", "", False)
    assert Job.objects.get(tenant_id=back.pk, friend=ida)
    assert not Membership.objects.exists()
    assert not Candidate.objects.exists()
    assert Deadline.objects.filter(job__tenant_id=back.pk).exists()
    assert Message.objects.filter(tenant_id=back.pk).exists()


def test_elsewhere_under_another_slug_jobs_go_on_with_new_ids(ost: Tenant) -> None:
    made = export_tenant(tenant=ost, now=now())
    delete(ost)

    back = restore_partner(source=made.path, slug="osten", now=now()).tenant

    job_ids = {str(pk) for pk in Job.objects.filter(tenant_id=back.pk).values_list("pk", flat=True)}
    order_ids = {str(pk) for pk in Job.objects.filter(tenant_id=back.pk).values_list("order_id", flat=True)}
    messages = list(Message.objects.filter(tenant_id=back.pk))
    assert messages
    for message in messages:
        assert message.reference.get("job", next(iter(job_ids))) in job_ids
        assert message.reference.get("order", next(iter(order_ids))) in order_ids
    assert Deadline.objects.filter(job__in=job_ids).exists()


def test_an_archive_holds_no_session_and_no_friends_address(ost: Tenant) -> None:
    made = export_tenant(tenant=ost, now=now())

    with zipfile.ZipFile(made.path) as file:
        names = file.namelist()
        friends = [json.loads(line) for line in file.read("friends.jsonl").splitlines()]
        everything = b"".join(file.read(name) for name in names)
    assert "data/accounts_user.copy" in names
    assert "data/django_session.copy" not in names
    assert {frozenset(friend) for friend in friends} == {frozenset({"id", "first_name"})}
    # Neither is in what an order keeps of its friend, who is the customer's contact.
    assert b"ida@friends.example" not in everything
    assert b"1990-01-01" not in everything
    assert made.path.stat().st_mode & 0o077 == 0


def test_a_taken_name_is_refused_in_words(ost: Tenant) -> None:
    made = export_tenant(tenant=ost, now=now())
    before = everything_of(ost)

    for slug, words in (("", "taken"), ("nord", "taken"), ("app", "reserved"), ("No Way", "lowercase letters")):
        with pytest.raises(UnableToCreateTenant) as refused:
            restore_partner(source=made.path, slug=slug, now=now())
        assert words in str(refused.value)
    assert everything_of(ost) == before


def test_a_schema_that_is_behind_is_not_exported(ost: Tenant, settings: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM t_ost.django_migrations WHERE app = 'orders' AND name LIKE '0002%'")

    with pytest.raises(SchemaBehind):
        export_tenant(tenant=ost, now=now())

    assert list(Path(settings.ARCHIVES).iterdir()) == []


def test_what_was_kept_of_a_partner_is_not_shown_of_the_restored_one(ost: Tenant) -> None:
    """The process that serves is told nothing of an import, which writes with triggers off."""
    visitor, path = Client(headers={"host": "ost.localhost"}), "/en/packages/wifi-setup/"
    before = visitor.get(path).content.decode()
    made = export_tenant(tenant=ost, now=now())
    with tenant_context(ost):
        Package.objects.update(summary_en="Changed after the export")
    assert "Changed after the export" in visitor.get(path).content.decode()
    delete(ost)

    back = restore_partner(source=made.path, now=now()).tenant

    after = visitor.get(path).content.decode()
    assert "Changed after the export" not in after
    assert "Changed after the export" not in before
    assert back.name in after
