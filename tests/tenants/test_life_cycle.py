"""A partner is suspended, resumed, renamed and deleted; jobs in flight finish (R4, R5)."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.urls import reverse
from django_tenants.utils import schema_exists
from pytest_django.fixtures import Settings

from bank.models import BankPayment, Claim, Reminder
from bank.states import InState
from catalog.starter import clear_catalogue
from crowd.models import DocumentCheck, Friend, Membership, Rating
from crowd.services import block_friend
from crowd.states import DocumentKind
from dispatch.fairness.explanations import ask_for_review
from dispatch.models import (
    Considered,
    ContactAttempt,
    Crossing,
    Job,
    JobQuestion,
    OverflowContract,
    Owed,
    ProposedTime,
)
from dispatch.states import Channel, OwedFor
from journeys.links import order_token
from journeys.order.booking.book_package import BookingClosed
from journeys.order.deadlines import sweep
from journeys.order.finding.accept_offer import accept_offer
from journeys.partner.leave_platform import ask_to_leave, delete_partner_and_free_friends, request_due_deletions
from journeys.partner.operations import carry_out
from kernel.clock import now
from orders.models import Order
from places.retention import Record
from stripe_gateway.models import CardDispute, CardPayment, CardRefund, StripeEvent
from tax.models import Kept
from tenants.context import platform_context, tenant_context
from tenants.errors import IllegalTenantMove, OpenJobs, UnableToRename
from tenants.isolation.names import role_for
from tenants.lifecycle import media
from tenants.lifecycle.life_cycle import rename_tenant, request_deletion, resume_tenant, suspend_tenant, undo_deletion
from tenants.lifecycle.provisioning import provision_tenant
from tenants.lifecycle.shared_rows import SHARED_ROWS
from tenants.models import PUBLIC, Domain, Operation, OperationKind, OperationState, Tenant, TenantState
from tenants.selectors import history, tenant_by_slug, tenant_url
from tests.cast import PASSWORD, Cast, book, deliver, plant_package, register_friend
from tests.databases import COMMITTED, ask_as_owner, empty
from tests.pages import assert_valid_html

WHO = "Olga"


def suspend(tenant: Tenant) -> Tenant:
    return suspend_tenant(tenant=tenant, who=WHO, now=now())


def status_path(tenant: Tenant, order: Order) -> str:
    with tenant_context(tenant):
        return f"/en/orders/{order_token(order.uuid)}/"


# --- Suspended ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/en/", "/en/packages/", "/en/packages/wifi-setup/"])
def test_visitors_of_a_suspended_partner_see_a_notice_that_robots_understand(
    nord: Tenant, visitor: Client, path: str
) -> None:
    assert visitor.get(path).status_code == 200
    suspend(nord)

    answer = visitor.get(path)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "86400"
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert "Closed at the moment" in page
    assert "hello@nord.example" in page
    assert nord.theme_hash in page
    assert_valid_html(answer)


def test_the_notice_leads_to_imprint_and_privacy_which_stay_open(nord: Tenant, visitor: Client) -> None:
    suspend(nord)

    links = re.findall(r'href="(/en/(?:imprint|privacy)/)"', visitor.get("/en/").content.decode())

    assert links == ["/en/imprint/", "/en/privacy/"]
    for link in links:
        assert visitor.get(link).status_code == 200


@pytest.mark.parametrize(("language", "words"), [("de", "Zurzeit geschlossen"), ("en", "Closed at the moment")])
def test_the_notice_speaks_the_visitors_language(nord: Tenant, visitor: Client, language: str, words: str) -> None:
    suspend(nord)

    answer = visitor.get("/", headers={"accept-language": language}, follow=True)

    assert answer.redirect_chain[0][0] == f"/{language}/"
    assert words in answer.content.decode()


def test_nobody_can_book_at_a_suspended_partner(nord: Tenant, four_near: Cast, visitor: Client) -> None:
    suspend(nord)

    answer = visitor.post("/en/packages/wifi-setup/book/", {"country": "DE", "postal_code": "10115"})

    assert answer.status_code == 503
    # Nor past the pages: the rule stands in the journey.
    with pytest.raises(BookingClosed):
        book(tenant_by_slug("nord"))


def test_other_partners_and_the_platform_are_open(nord: Tenant, sued: Tenant) -> None:
    suspend(nord)

    assert Client(headers={"host": "sued.localhost"}).get("/de/").status_code == 200
    assert Client(headers={"host": "app.localhost"}).get("/en/account/sign-in/").status_code == 200


def test_a_job_in_flight_finishes(nord: Tenant, four_near: Cast, visitor: Client, friend_client: Client) -> None:
    order = book(nord)
    suspend(nord)

    assert visitor.get(status_path(nord, order)).status_code == 200
    assert friend_client.get(reverse("friendhub:offers", "config.urls_platform")).status_code == 200
    job = Job.objects.get(order_id=order.uuid)
    accept_offer(job_id=job.pk, friend_id=four_near["Ben"].pk, now=now())
    mails = deliver()
    assert any("Ben" in mail.subject for mail in mails)
    assert visitor.get(status_path(nord, order)).status_code == 200
    cancelled = visitor.post(f"{status_path(nord, order)}cancel/")
    assert cancelled.status_code == 302
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_deadlines_of_a_suspended_partner_run(nord: Tenant, four_near: Cast, clock: time_machine.Coordinates) -> None:
    job = Job.objects.get(order_id=book(nord).uuid)
    suspend(nord)
    clock.shift(timedelta(minutes=nord.wave_minutes + 1))

    assert sweep(now=now()) > 0

    job.refresh_from_db()
    assert job.wave > 1 or job.state == "unfilled"


def test_managers_sign_in_to_a_suspended_partner_and_read_why(nord: Tenant, manager_client: Client) -> None:
    assert "Your site is closed" not in manager_client.get("/admin/").content.decode()
    suspend(nord)

    page = manager_client.get("/admin/")
    assert page.status_code == 200
    assert "Your site is closed" in page.content.decode()
    fresh = Client(headers={"host": "nord.localhost"})
    signed_in = fresh.post("/en/account/sign-in/", {"login": "manager@nord.example", "password": PASSWORD})
    assert signed_in.status_code == 302
    assert fresh.get("/admin/").status_code == 200


def test_resuming_undoes_it(nord: Tenant, four_near: Cast, visitor: Client) -> None:
    suspended = suspend(nord)
    assert suspended.suspended_at == now()

    resumed = resume_tenant(tenant=suspended, who=WHO, now=now())

    assert resumed.suspended_at is None
    assert visitor.get("/en/packages/").status_code == 200
    assert book(tenant_by_slug("nord")).number
    assert [(c.before, c.after) for c in history(nord)[:2]] == [("suspended", "active"), ("active", "suspended")]


def test_moves_that_make_no_sense_are_refused_in_words(nord: Tenant) -> None:
    with pytest.raises(IllegalTenantMove, match="not suspended"):
        resume_tenant(tenant=nord, who=WHO, now=now())
    with pytest.raises(IllegalTenantMove, match="not to be deleted"):
        undo_deletion(tenant=nord, who=WHO, now=now())
    suspend(nord)
    with pytest.raises(IllegalTenantMove, match="suspended already"):
        suspend(nord)
    request_deletion(tenant=nord, who=WHO, now=now())
    for move in (suspend_tenant, resume_tenant):
        with pytest.raises(IllegalTenantMove, match="to be deleted"):
            move(tenant=nord, who=WHO, now=now())


# --- Renamed -----------------------------------------------------------------------------------------------


def test_a_renamed_partner_is_at_its_new_host_and_the_old_one_leads_there(nord: Tenant, visitor: Client) -> None:
    renamed = rename_tenant(tenant=nord, name="Norden", slug="norden", who=WHO, now=now())

    assert renamed.schema_name == "t_nord"
    assert tenant_url(renamed) == "http://norden.localhost:8000/"
    answer = visitor.get("/en/packages/?country=DE")
    assert answer.status_code == 301
    assert answer["Location"] == "http://norden.localhost:8000/en/packages/?country=DE"
    assert "Norden" in Client(headers={"host": "norden.localhost"}).get("/en/").content.decode()


def test_a_partner_can_have_its_old_name_back(nord: Tenant, visitor: Client) -> None:
    renamed = rename_tenant(tenant=nord, name="Nord", slug="norden", who=WHO, now=now())

    back = rename_tenant(tenant=renamed, name="Nord", slug="nord", who=WHO, now=now())

    assert tenant_url(back) == "http://nord.localhost:8000/"
    assert visitor.get("/en/").status_code == 200
    assert Client(headers={"host": "norden.localhost"}).get("/en/").status_code == 301


@pytest.mark.parametrize(
    ("slug", "words"),
    [("app", "reserved"), ("sued", "taken"), ("Nord West", "lowercase letters"), ("nord-", "lowercase letters"),
     ("x" * 41, "shorter"), ("", "lowercase letters"), ("n; drop schema public", "lowercase letters"),
     ("t_nord", "lowercase letters"), ("pg-catalog\n", "lowercase letters")],
)  # fmt: skip
def test_a_slug_that_cannot_be_is_refused_beside_its_field(nord: Tenant, sued: Tenant, slug: str, words: str) -> None:
    with pytest.raises(UnableToRename) as refused:
        rename_tenant(tenant=nord, name="Nord", slug=slug, who=WHO, now=now())

    assert words in str(refused.value.fields["slug"])
    assert tenant_by_slug("nord").name == "Nord"


def test_a_former_name_of_somebody_is_taken(nord: Tenant, sued: Tenant) -> None:
    rename_tenant(tenant=nord, name="Nord", slug="norden", who=WHO, now=now())

    with pytest.raises(UnableToRename) as refused:
        rename_tenant(tenant=sued, name="Süd", slug="nord", who=WHO, now=now())

    assert "taken" in str(refused.value.fields["slug"])


def test_an_empty_name_is_refused_beside_its_field(nord: Tenant) -> None:
    with pytest.raises(UnableToRename) as refused:
        rename_tenant(tenant=nord, name="  ", slug="nord", who=WHO, now=now())

    assert set(refused.value.fields) == {"name"}


# --- Leaving -----------------------------------------------------------------------------------------------


def test_a_leaving_partner_is_closed_until_the_request_is_taken_back(
    nord: Tenant, visitor: Client, clock: time_machine.Coordinates
) -> None:
    leaving = ask_to_leave(tenant=nord, who=WHO, now=now())
    assert leaving.delete_due_at == now() + timedelta(days=30)
    assert visitor.get("/en/").status_code == 503

    kept = undo_deletion(tenant=leaving, who=WHO, now=now())

    assert (kept.state, kept.delete_due_at) == (TenantState.ACTIVE, None)
    assert visitor.get("/en/").status_code == 200


def test_a_partner_that_was_suspended_before_is_suspended_again(nord: Tenant) -> None:
    leaving = ask_to_leave(tenant=suspend(nord), who=WHO, now=now())

    assert undo_deletion(tenant=leaving, who=WHO, now=now()).state == TenantState.SUSPENDED


def test_jobs_in_flight_are_counted_before_a_partner_leaves(nord: Tenant, four_near: Cast) -> None:
    book(nord)
    book(nord)

    with pytest.raises(OpenJobs, match="2 jobs"):
        ask_to_leave(tenant=nord, who=WHO, now=now())

    assert ask_to_leave(tenant=nord, who=WHO, now=now(), even_with_open_jobs=True).state == TenantState.LEAVING


def test_nothing_is_deleted_before_its_day(nord: Tenant) -> None:
    with pytest.raises(IllegalTenantMove):
        delete_partner_and_free_friends(tenant=nord, now=now())
    leaving = ask_to_leave(tenant=nord, who=WHO, now=now())
    with pytest.raises(IllegalTenantMove, match="has not been reached"):
        delete_partner_and_free_friends(tenant=leaving, now=now() + timedelta(days=29))
    assert request_due_deletions(now=now() + timedelta(days=29)) == 0
    assert schema_exists("t_nord")


def test_what_is_due_is_asked_for_once(nord: Tenant) -> None:
    ask_to_leave(tenant=nord, who=WHO, now=now())
    later = now() + timedelta(days=30)

    assert [request_due_deletions(now=later) for _round in range(2)] == [1, 1]
    assert Operation.objects.filter(kind=OperationKind.DELETE, tenant=nord).count() == 1


def traces_of(tenant: Tenant) -> dict[str, int]:
    """Count what there is of a partner in the database, in files, and in the cache."""
    with platform_context(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [role_for(tenant.schema_name)])
        found = {"role": cursor.fetchone()[0]}
        for rows in SHARED_ROWS:
            cursor.execute(f"SELECT count(*) FROM public.{rows.table} r WHERE {rows.owned}", {"tenant": tenant.pk})
            found[rows.table] = cursor.fetchone()[0]
    found["schema"] = int(schema_exists(tenant.schema_name))
    found["tenant"] = Tenant.objects.filter(pk=tenant.pk).count()
    found["files"] = len(list(Path(media.folder_of(tenant.schema_name)).rglob("*")))
    client = caches["default"]._cache.get_client(None)  # type: ignore[attr-defined]  # Django's own
    found["cached"] = len(list(client.scan_iter(match=f"{tenant.schema_name}:*")))
    return found


@pytest.fixture
def valkey(settings: Settings) -> Iterator[None]:
    """Let the cache be the embedded Valkey's last database, empty before and after."""
    location = os.environ["CACHE_URL"].rpartition("/")[0] + "/15"
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": location,
            "KEY_FUNCTION": "django_tenants.cache.make_key",
        }
    }
    caches["default"].clear()
    yield
    caches["default"].clear()


def leave_traces(tenant: Tenant, job: Job, friend: Friend) -> None:
    """Write a row into each shared table of jobs and friends that booking and accepting leave empty."""
    documents = {"ost": DocumentKind.IDENTITY, "west": DocumentKind.INSURANCE}
    with platform_context():
        DocumentCheck.objects.create(
            friend=friend, community=tenant.pk, kind=documents[tenant.slug], file="a.pdf", sent_at=now()
        )
        Rating.objects.create(
            friend=friend, tenant_id=tenant.pk, job_id=job.pk, stars=5, language="de", published_at=now()
        )
        contract = OverflowContract.objects.create(
            tenant_id=tenant.pk, valid_from=now().date(), made_at=now(), made_by="Olga"
        )
        Crossing.objects.create(
            job=job, contract=contract, community=0, at=now(), carried=[], currency="EUR",
            commission_minor=1, partner_share_minor=0, commission_bp=0, own_commission_bp=0,
        )  # fmt: skip
        ProposedTime.objects.create(offer=job.offers.get(friend=friend), place=1, starts_at=now())
        JobQuestion.objects.create(job=job, friend=friend, wave=1, text="Which router?", asked_at=now())
        ask_for_review(considered=Considered.objects.get(wave__job=job, friend=friend), words="Why?", now=now())
        ContactAttempt.objects.create(job=job, at=now(), channel=Channel.PHONE)
        Owed.objects.create(job=job, friend=friend, why=OwedFor.DIAGNOSIS, currency="EUR", amount_minor=1, at=now())
        BankPayment.objects.create(
            key=tenant.slug, iban="DE89370400440532013000", currency="EUR", amount_minor=1, booked_on=now().date(),
            file_name="a.xml", read_at=now(), read_by="Olga", state=InState.PAID, tenant_id=tenant.pk,
            order_id=job.order_id, settled_at=now(),
        )  # fmt: skip
        claim = Claim.objects.create(
            id=uuid4(), tenant_id=tenant.pk, order_id=job.order_id, number=tenant.slug, debtor="Ada", country="DE",
            currency="EUR", amount_minor=1, issued_on=now().date(), due_on=now().date(),
        )  # fmt: skip
        Reminder.objects.create(claim=claim, step=1, sent_at=now(), sent_on=now().date(), pay_by=now().date())
        payment = CardPayment.objects.create(
            tenant_id=tenant.pk, order_id=job.order_id, amount_minor=1, currency="EUR", key=tenant.slug, asked={},
            created_at=now(), expires_at=now(),
        )  # fmt: skip
        CardRefund.objects.create(payment=payment, amount_minor=1, why="cancelled", created_at=now())
        CardDispute.objects.create(
            payment=payment, dispute_id=tenant.slug, amount_minor=1, currency="EUR", reason="general", opened_at=now()
        )
        StripeEvent.objects.create(id=tenant.slug, kind="a", object_id="b", payment=payment, received_at=now())
        Kept.objects.create(
            record=Record.ORDER, country="DE", tenant_id=tenant.pk, year=2026, count=1, through=now().date()
        )


@pytest.fixture
def busy(
    owner: None, clock: time_machine.Coordinates, valkey: None, tmp_path: Path, settings: Settings
) -> Iterator[list[Tenant]]:
    """Return two new partners in full swing: friends, orders, messages, files, cached values."""
    settings.MEDIA_ROOT = tmp_path / "media"
    made = []
    for slug in ("ost", "west"):
        tenant = provision_tenant(
            slug=slug, name=slug.title(), languages=["de", "en"], default_language="de", countries=["DE"],
            email=f"hello@{slug}.example", currency="EUR",
        )  # fmt: skip
        with tenant_context(tenant):
            clear_catalogue()
            plant_package("DE", "EUR")
            caches["default"].set("greeting", slug)
        (media.folder_of(tenant.schema_name) / "intake").mkdir(parents=True)
        (media.folder_of(tenant.schema_name) / "intake" / "photo.jpg").write_bytes(slug.encode())
        made.append(tenant)
    friend = register_friend("Ida", km=1, communities=[tenant.pk for tenant in made])
    block_friend(friend=register_friend("Jan", km=2), tenant_id=made[0].pk)
    block_friend(friend=Friend.objects.get(first_name="Jan"), tenant_id=made[1].pk)
    for tenant in made:
        job = Job.objects.get(order_id=book(tenant).uuid)
        accept_offer(job_id=job.pk, friend_id=friend.pk, now=now())
        leave_traces(tenant, job, friend)
        suspend(tenant)
        with platform_context(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO tenants_commission (tenant_id, package_slug, level, basis_points) VALUES (%s, 'a', '', 1)",
                [tenant.pk],
            )
            cursor.execute(
                "INSERT INTO tenants_supportaccess (id, tenant_id, operator_id, operator_name, reason, granted_at,"
                " ends_at) VALUES (gen_random_uuid(), %s, gen_random_uuid(), 'Olga', 'because', now(), now() + '1 h')",
                [tenant.pk],
            )
            cursor.execute(
                "INSERT INTO tenants_handover (code_hash, state_hash, tenant_id, purpose, person_id, created_at,"
                " expires_at) VALUES (%s, 'b', %s, 'friend', gen_random_uuid(), now(), now())",
                [tenant.slug, tenant.pk],
            )
    yield made
    with connection.cursor() as cursor:
        empty(cursor, PUBLIC, (*COMMITTED, "tax_kept", "tenants_operation"))
        cursor.execute("DELETE FROM accounts_user WHERE kind = 'friend'")


def test_when_the_day_has_come_all_of_a_partner_is_gone_and_nothing_of_another(busy: list[Tenant]) -> None:
    ost, west = busy
    before, untouched = traces_of(ost), traces_of(west)
    assert min(count for name, count in before.items() if name not in OF_SANDBOXES) > 0, before
    assert Friend.objects.get(first_name="Ida").open_jobs == 2
    ask_to_leave(tenant=ost, who=WHO, now=now(), even_with_open_jobs=True)
    later = now() + timedelta(days=30)

    request_due_deletions(now=later)
    ended = carry_out(now=later)

    assert ended == 1
    operation = Operation.objects.get(kind=OperationKind.DELETE)
    assert (operation.state, operation.error, operation.tenant) == (OperationState.DONE, "", None)
    assert {name: count for name, count in traces_of(ost).items() if count} == {}
    assert traces_of(west) == untouched
    assert not list(Path(media.folder_of(ost.schema_name)).parent.glob(".*"))
    assert Client(headers={"host": "ost.localhost"}).get("/health/").status_code == 404
    ida = Friend.objects.get(first_name="Ida")
    assert ida.open_jobs == 1
    assert list(Membership.objects.filter(friend=ida).values_list("community", flat=True)) == [west.pk]


# Who answers in a sandbox is its own, with what they can do and have heard, and what it would have sent.
OF_SANDBOXES = {"crowd_friend", "crowd_certificate", "notifications_notice", "notifications_heldback"}
# The platform's books, in what others differed from them, and what was erased when its time was over.
KEPT = (
    "dues_partnerinvoice",
    "ledger_account",
    "ledger_transaction",
    "reconciliation_difference",
    "tax_erased",
)


def test_the_table_of_shared_rows_knows_every_table_with_a_partners_rows(db: None) -> None:
    found = {
        table
        for (table,) in ask_as_owner(
            """
            SELECT DISTINCT table_name FROM information_schema.columns
             WHERE table_schema = 'public'
               AND column_name IN
                   ('tenant_id', 'community', 'job_id', 'wave_id', 'offer_id', 'considered_id', 'payment_id',
                    'claim_id')
            """
        )
    }

    # Operations are the platform's own notes of what it did, and its books are kept; they outlive their partner.
    found |= OF_SANDBOXES
    assert found - {"tenants_operation", *KEPT} == {rows.table for rows in SHARED_ROWS}


def test_a_killed_deletion_is_made_good(busy: list[Tenant]) -> None:
    """Files are set aside before the commit; a kill in between must neither lose nor leave them."""
    ost, west = busy
    for tenant in busy:
        folder = media.folder_of(tenant.schema_name)
        folder.rename(folder.parent / f".leaving-{tenant.schema_name}")
    Domain.objects.filter(tenant=ost).update(is_primary=False)
    gone = folder.parent / ".leaving-t_gone"
    (gone / "intake").mkdir(parents=True)

    media.sweep_set_aside()

    assert not gone.exists()
    assert (media.folder_of(ost.schema_name) / "intake" / "photo.jpg").read_bytes() == b"ost"
    assert (media.folder_of(west.schema_name) / "intake" / "photo.jpg").exists()
