"""Documents of friends are looked at, decided and deleted (R9): by whom, and by nobody else."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import Coordinates

from accounts.models import Kind, User
from crowd.documents import approve_document, leave_documents_to_operators, send_document
from crowd.errors import AgeIsChecked
from crowd.models import DocumentCheck, Friend
from crowd.states import CheckState, DocumentKind
from journeys.friend.sign_up_friend import send_proof_of_age
from kernel.clock import now
from tenants.models import Tenant
from tests.cast import PASSWORD, deliver, register_friend, sign_in_staff
from tests.joining import DOCUMENT, PDF, upload
from tests.pages import assert_valid_html, text_of

DESK = "/en/operators/documents/"
Commits = Callable[..., AbstractContextManager[list[Callable[[], object]]]]


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return Olga, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


@pytest.fixture
def nele(nord: Tenant, clock: Coordinates) -> Friend:
    """Return a friend of Nord's whose age nobody has checked."""
    return unchecked("Nele", nord)


@pytest.fixture
def check(nele: Friend) -> DocumentCheck:
    """Return her proof of age, which waits."""
    return send_document(friend_id=nele.pk, kind=DocumentKind.IDENTITY, file=DOCUMENT, now=now())


def unchecked(name: str, *tenants: Tenant) -> Friend:
    """Register a friend and take back that their age is checked."""
    friend = register_friend(name, km=1, communities=[tenant.pk for tenant in tenants])
    Friend.objects.filter(pk=friend.pk).update(is_active=False, age_checked_at=None)
    return friend


def test_the_desk_lists_what_waits_oldest_first(
    operator_client: Client, check: DocumentCheck, nord: Tenant, clock: Coordinates
) -> None:
    clock.shift(timedelta(hours=1))
    later = unchecked("Zoe", nord)
    send_document(friend_id=later.pk, kind=DocumentKind.IDENTITY, file=DOCUMENT, now=now())

    page = operator_client.get(DESK)

    text = page.content.decode()
    assert text.index("Nele") < text.index("Zoe")
    assert "2 documents, oldest first" in text
    assert_valid_html(page)
    assert_valid_html(operator_client.get(f"{DESK}{check.pk}/"))


def test_the_file_is_shown_to_the_operator_and_kept_by_no_browser(
    operator_client: Client, check: DocumentCheck
) -> None:
    answer = operator_client.get(f"{DESK}{check.pk}/file/")

    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_approval_deletes_the_file_checks_the_age_and_tells_the_friend(
    operator_client: Client, check: DocumentCheck, nele: Friend, django_capture_on_commit_callbacks: Commits
) -> None:
    name = check.file.name
    assert default_storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        operator_client.post(f"{DESK}{check.pk}/approve/")

    check.refresh_from_db()
    nele.refresh_from_db()
    assert (check.state, check.file.name, check.decided_by) == (CheckState.APPROVED, "", "Olga")
    assert not default_storage.exists(name)
    assert nele.age_checked_at == now()
    assert nele.is_active
    assert [one.subject for one in deliver()] == ["You are in: your first offers come now"]
    with pytest.raises(AgeIsChecked):
        send_document(friend_id=nele.pk, kind=DocumentKind.IDENTITY, file=DOCUMENT, now=now())


def test_before_the_onboarding_test_an_approval_makes_nobody_active(
    operator_client: Client, check: DocumentCheck, nele: Friend
) -> None:
    Friend.objects.filter(pk=nele.pk).update(onboarded_at=None)

    operator_client.post(f"{DESK}{check.pk}/approve/")

    nele.refresh_from_db()
    assert nele.age_checked_at is not None
    assert not nele.is_active
    assert "Only the onboarding test is left" in str(deliver()[0].body)


def test_a_refusal_needs_a_reason_which_the_friend_reads_and_another_may_be_sent(
    operator_client: Client, check: DocumentCheck, nele: Friend, django_capture_on_commit_callbacks: Commits
) -> None:
    without = operator_client.post(f"{DESK}{check.pk}/refuse/", {"reason": " "})
    assert without.status_code == 422
    assert "Please write the reason" in without.content.decode()
    assert_valid_html(without)
    name = check.file.name

    with django_capture_on_commit_callbacks(execute=True):
        operator_client.post(f"{DESK}{check.pk}/refuse/", {"reason": "The date cannot be read."})

    check.refresh_from_db()
    assert (check.state, check.file.name) == (CheckState.REJECTED, "")
    assert not default_storage.exists(name)
    assert "The date cannot be read." in str(deliver()[0].body)
    page = signed_in("nele").get("/en/welcome/").content.decode()
    assert "The date cannot be read." in page
    assert 'type="file"' in page
    send_document(friend_id=nele.pk, kind=DocumentKind.IDENTITY, file=DOCUMENT, now=now())


def test_a_decision_that_is_rolled_back_keeps_the_file(
    check: DocumentCheck, django_capture_on_commit_callbacks: Commits
) -> None:
    def decide_and_fail() -> None:
        with transaction.atomic():
            approve_document(check_id=check.pk, who="Olga", now=now())
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True) as callbacks, pytest.raises(ZeroDivisionError):
        decide_and_fail()

    assert callbacks == []
    assert default_storage.exists(check.file.name)


def test_the_database_keeps_no_file_of_a_decided_document(check: DocumentCheck) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentCheck.objects.filter(pk=check.pk).update(state=CheckState.APPROVED, decided_at=now())


def test_a_second_decision_is_told_and_changes_nothing(operator_client: Client, check: DocumentCheck) -> None:
    operator_client.post(f"{DESK}{check.pk}/approve/")

    page = operator_client.post(f"{DESK}{check.pk}/approve/", follow=True)
    refused = operator_client.post(f"{DESK}{check.pk}/refuse/", {"reason": "Too late"})

    assert "Somebody has already decided" in page.content.decode()
    assert refused.status_code == 409
    check.refresh_from_db()
    assert check.state == CheckState.APPROVED
    assert operator_client.get(f"{DESK}{check.pk}/file/").status_code == 404


def test_a_partners_manager_decides_about_those_who_came_to_the_community(
    manager_client: Client, check: DocumentCheck, nele: Friend, django_capture_on_commit_callbacks: Commits
) -> None:
    listed = manager_client.get("/admin/friends-documents/")
    assert "Nele Muster" in text_of(listed)
    page = manager_client.get(f"/admin/friends-documents/{check.pk}/")
    assert "Jan. 1, 1990" in page.content.decode() or "1 January 1990" in page.content.decode()
    file = manager_client.get(f"/admin/friends-documents/{check.pk}/file/")
    assert file.content == PDF
    assert "no-store" in file["Cache-Control"]
    without = manager_client.post(f"/admin/friends-documents/{check.pk}/refuse/", {"reason": ""})
    assert without.status_code == 422
    name = check.file.name

    with django_capture_on_commit_callbacks(execute=True):
        manager_client.post(f"/admin/friends-documents/{check.pk}/approve/")

    nele.refresh_from_db()
    assert nele.is_active
    assert not default_storage.exists(name)


def test_nobody_else_sees_or_decides(check: DocumentCheck, nord: Tenant, sued: Tenant, visitor: Client) -> None:
    register_friend("Greta", km=1, communities=[sued.pk])
    from_sued = Client(headers={"host": "sued.localhost"})
    assert sign_in_staff(from_sued, "manager@sued.example").status_code == 302
    of_another_friend, of_the_friend, signed_out = signed_in("greta"), signed_in("nele"), stranger()

    for path in ("", "file/"):
        assert lost(from_sued, f"/admin/friends-documents/{check.pk}/{path}")
        for client in (of_another_friend, of_the_friend):
            assert client.get(f"{DESK}{check.pk}/{path}").status_code == 403
        assert signed_out.get(f"{DESK}{check.pk}/{path}").status_code == 302
        assert visitor.get(f"/admin/friends-documents/{check.pk}/{path}").status_code == 302
    for verb in ("approve/", "refuse/"):
        from_sued.post(f"/admin/friends-documents/{check.pk}/{verb}", {"reason": "No"})
        assert of_the_friend.post(f"{DESK}{check.pk}/{verb}", {"reason": "No"}).status_code == 403
        assert signed_out.post(f"{DESK}{check.pk}/{verb}", {"reason": "No"}).status_code == 302
    assert "Nele" not in from_sued.get("/admin/friends-documents/").content.decode()
    for client in (of_another_friend, signed_out):
        assert client.get(f"/media/{check.file.name}").status_code == 404
    check.refresh_from_db()
    assert check.state == CheckState.WAITING


def test_managers_never_see_proofs_of_insurance(manager_client: Client, nord: Tenant, nele: Friend) -> None:
    check = send_document(friend_id=nele.pk, kind=DocumentKind.INSURANCE, file=DOCUMENT, now=now())

    assert check.community == 0
    assert lost(manager_client, f"/admin/friends-documents/{check.pk}/")


def test_what_waits_at_a_partner_who_leaves_is_left_to_the_operators(
    operator_client: Client, manager_client: Client, check: DocumentCheck, nord: Tenant
) -> None:
    leave_documents_to_operators(community=nord.pk)

    assert lost(manager_client, f"/admin/friends-documents/{check.pk}/")
    assert operator_client.get(f"{DESK}{check.pk}/file/").content == PDF


def test_an_unknown_document_is_not_found(operator_client: Client, manager_client: Client) -> None:
    assert operator_client.get(f"{DESK}{uuid4()}/").status_code == 404
    assert lost(manager_client, f"/admin/friends-documents/{uuid4()}/")


def test_a_long_list_takes_no_more_queries_than_a_short_one(
    operator_client: Client, manager_client: Client, check: DocumentCheck, nord: Tenant
) -> None:
    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as by_operator:
            operator_client.get(DESK)
        with CaptureQueriesContext(connection) as by_manager:
            manager_client.get("/admin/friends-documents/")
        return len(by_operator), len(by_manager)

    queries()
    short = queries()
    for name in ("Ute", "Uwe", "Ulf", "Una"):
        send_document(friend_id=unchecked(name, nord).pk, kind=DocumentKind.IDENTITY, file=DOCUMENT, now=now())

    assert queries() == short


def lost(client: Client, path: str) -> bool:
    """Say whether nothing is there, below no language either."""
    return client.get(path, follow=True).status_code == 404


def signed_in(name: str) -> Client:
    """Sign a friend of the cast in."""
    client = stranger()
    answer = client.post("/en/sign-in/", {"username": f"{name}@friends.example", "password": PASSWORD})
    assert answer.status_code == 302
    return client


def stranger() -> Client:
    """Return somebody on the platform host who is not signed in."""
    return Client(headers={"host": "app.localhost"})


def test_mails_are_posted_once(operator_client: Client, check: DocumentCheck) -> None:
    operator_client.post(f"{DESK}{check.pk}/approve/")
    operator_client.post(f"{DESK}{check.pk}/approve/")

    assert len(deliver()) == 1
    assert mail.outbox[-1].to == ["nele@friends.example"]


def test_whoever_may_decide_hears_of_a_document_that_a_friend_sends(
    manager_client: Client, operator_client: Client, nele: Friend, nord: Tenant
) -> None:
    home = manager_client.get("/admin/").content.decode()
    assert "Nothing needs your attention." in home
    friend = Client(headers={"host": "app.localhost"})
    friend.post("/en/sign-in/", {"username": "nele@friends.example", "password": PASSWORD})

    assert friend.post("/en/welcome/", {"file": upload()}).status_code == 302

    home = manager_client.get("/admin/").content.decode()
    assert "Nothing needs your attention." not in home
    told = {one.to[0]: one for one in deliver()}
    assert told.keys() == {"manager@nord.example", "olga@quartett.example"}
    for one in told.values():
        assert "three days" in one.body
        assert "Nele" not in one.subject + one.body
    [address] = re.findall(r"http://nord.localhost\S*(/admin/friends-documents/)", told["manager@nord.example"].body)
    assert f'href="{address}"' in home
    assert "Nele" in manager_client.get(address).content.decode()
    [address] = re.findall(r"http://\S*?(/en/operators/documents/)", told["olga@quartett.example"].body)
    assert "Nele" in operator_client.get(address).content.decode()


def test_a_document_that_was_decided_meanwhile_is_no_mail(nele: Friend, nord: Tenant) -> None:
    check = send_proof_of_age(friend_id=nele.pk, file=DOCUMENT, now=now())
    approve_document(check_id=check.pk, who="Olga", now=now())

    assert not [one for one in deliver() if "document waits" in one.subject]
