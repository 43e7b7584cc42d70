"""Becoming a pro and staying insured (R10)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import Coordinates

from accounts.models import Kind, User
from crowd import vat
from crowd.eligibility import Wanted
from crowd.models import DocumentCheck, Friend, Pro
from crowd.pros import disable_pros, enable_pros
from crowd.selectors import nearest_candidates, pros_are_enabled
from crowd.states import CheckState, DocumentKind, Grade
from journeys.friend.check_documents import approve_document, refuse_document
from journeys.tasks import remind_pros
from kernel.clock import now
from kernel.geo import on_sphere
from skills.models import Skill
from tenants.context import platform_context
from tenants.models import Tenant
from tests.cast import ADA_AT, PASSWORD, Cast, deliver
from tests.joining import upload
from tests.pages import assert_valid_html, text_of

PRO = "/en/profile/pro/"
COUNTRIES = "/en/operators/pro-countries/"
UNTIL = date(2027, 3, 31)


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return Olga, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


@pytest.fixture
def _germany(db: None) -> None:
    """Enable pros in Germany."""
    enable_pros(country="DE", who="Olga", now=now())


def company(**changed: Any) -> dict[str, Any]:
    """Return what is posted by who asks to be a pro."""
    return {
        "company": "Ben's Networks",
        "country": "DE",
        "vat_id": "DE 136 695 976",
        "insurer": "Safe Ltd",
        "policy_number": "P-1",
        "insured_until": UNTIL.isoformat(),
        "file": upload(),
    } | changed


def ben() -> Friend:
    """Return him as he is now."""
    return Friend.objects.get(first_name="Ben")


def waiting() -> DocumentCheck:
    """Return the proof of insurance that waits."""
    return DocumentCheck.objects.get(kind=DocumentKind.INSURANCE, state=CheckState.WAITING)


def approve() -> None:
    """Approve it."""
    approve_document(check_id=waiting().pk, who="Olga", now=now())


def asked_for_pro_jobs(nord: Tenant) -> list[str]:
    """Return who would be asked for a job that only pros may do."""
    wanted = Wanted(
        skills=((Skill.objects.get(slug="wifi").pk, Grade.FRIEND),),
        position=on_sphere(*ADA_AT),
        reach_m=50_000,
        tenant_id=nord.pk,
        needs_pro=True,
    )
    found = nearest_candidates(wanted, community=nord.pk, count=9, now=now())
    return [Friend.objects.get(pk=one.friend_id).first_name for one in found]


def test_where_no_country_is_enabled_nobody_can_ask(friend_client: Client) -> None:
    page = friend_client.get(PRO)
    assert "Pros are not available in any country yet." in page.content.decode()
    assert_valid_html(page)

    answer = friend_client.post(PRO, company())

    assert answer.status_code == 422
    assert not Pro.objects.exists()


def test_operators_enable_pros_country_by_country(operator_client: Client, friend_client: Client) -> None:
    assert_valid_html(operator_client.get(COUNTRIES))
    assert not pros_are_enabled("DE")

    operator_client.post(COUNTRIES, {"country": "DE", "is_on": "yes"})
    assert pros_are_enabled("DE")
    assert not pros_are_enabled("CH")
    page = operator_client.get(COUNTRIES)
    assert "by Olga" in page.content.decode()
    assert_valid_html(page)
    assert 'name="vat_id"' in friend_client.get(PRO).content.decode()

    operator_client.post(COUNTRIES, {"country": "DE", "is_on": "no"})
    assert not pros_are_enabled("DE")
    assert operator_client.post(COUNTRIES, {"country": "XX", "is_on": "yes"}).status_code == 422
    assert friend_client.post(COUNTRIES, {"country": "DE", "is_on": "yes"}).status_code == 403


@pytest.mark.usefixtures("_germany")
def test_a_friend_asks_an_operator_approves_and_the_friend_is_a_pro_while_insured(
    friend_client: Client, operator_client: Client, nord: Tenant, clock: Coordinates
) -> None:
    assert friend_client.post(PRO, company()).status_code == 302
    assert (ben().is_pro, ben().pro_until) == (False, None)
    assert "is being checked" in friend_client.get(PRO).content.decode()
    page = operator_client.get(f"/en/operators/documents/{waiting().pk}/")
    assert "DE136695976" in page.content.decode()
    assert "no register has confirmed it" in page.content.decode()
    assert_valid_html(page)
    assert asked_for_pro_jobs(nord) == []

    operator_client.post(f"/en/operators/documents/{waiting().pk}/approve/")

    assert (ben().is_pro, ben().pro_until) == (True, UNTIL)
    assert Pro.objects.get().approved_by == "Olga"
    assert [one.subject for one in deliver()] == ["You are a pro now"]
    assert asked_for_pro_jobs(nord) == ["Ben"]
    shown = friend_client.get(PRO)
    assert "Insured until" in shown.content.decode()
    assert_valid_html(shown)
    assert f"Versichert bis zum {UNTIL.day}." in text_of(friend_client.get(PRO.replace("/en/", "/de/")))
    clock.move_to(now() + (UNTIL - now().date()) + timedelta(days=1))
    assert asked_for_pro_jobs(nord) == []
    friend_client.post("/en/sign-in/", {"username": "ben@friends.example", "password": PASSWORD})
    assert "Not insured" in friend_client.get(PRO).content.decode()


@pytest.mark.usefixtures("_germany")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"vat_id": "DE136695977"}, "This is not a valid VAT number for that country."),
        ({"vat_id": "CHE-100.155.212"}, "This is not a valid VAT number for that country."),
        ({"insured_until": "2026-11-24"}, "The insurance must run beyond today."),
        ({"insured_until": "2199-12-31"}, "Please choose a day within the next ten years."),
        ({"file": upload(b"no document")}, "We cannot read this file."),
        ({"company": ""}, "Please fill this in."),
    ],
)
def test_bad_input_is_answered_beside_the_field(
    friend_client: Client, clock: Coordinates, changed: dict[str, Any], words: str
) -> None:
    answer = friend_client.post(PRO, company() | changed)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="P-1"' in answer.content.decode()
    assert not Pro.objects.exists()
    assert not DocumentCheck.objects.exists()
    assert_valid_html(answer)


@pytest.mark.usefixtures("_germany")
def test_one_vat_id_is_one_pro(friend_client: Client, four_near: Cast) -> None:
    Pro.objects.create(friend=four_near["Cem"], country="DE", vat_id="DE136695976", insured_until=UNTIL, asked_at=now())

    answer = friend_client.post(PRO, company())

    assert answer.status_code == 422
    assert "Another account has this VAT number." in answer.content.decode()


@pytest.mark.usefixtures("_germany")
@pytest.mark.parametrize(
    ("said", "status", "is_checked"),
    [
        (vat.VatAnswer.VALID, 302, True),
        (vat.VatAnswer.UNREACHABLE, 302, False),
        (vat.VatAnswer.NOT_ASKED, 302, False),
        (vat.VatAnswer.UNKNOWN, 422, False),
    ],
)
def test_the_register_may_refuse_and_holds_nobody_up_when_it_is_away(
    friend_client: Client, settings: Any, said: vat.VatAnswer, status: int, is_checked: bool
) -> None:
    settings.VAT_CHECK = f"tests.friendhub.test_pros.says_{said.name.lower()}"

    answer = friend_client.post(PRO, company())

    assert answer.status_code == status
    assert ("The official register does not know this VAT number." in answer.content.decode()) == (status == 422)
    assert Pro.objects.filter(vat_checked_at__isnull=False).exists() == is_checked


def says_valid(country: str, vat_id: str) -> vat.VatAnswer:
    """Stand in for a register that knows every number."""
    return vat.VatAnswer.VALID


def says_unreachable(country: str, vat_id: str) -> vat.VatAnswer:
    """Stand in for a register that is down."""
    return vat.VatAnswer.UNREACHABLE


def says_not_asked(country: str, vat_id: str) -> vat.VatAnswer:
    """Stand in for no register."""
    return vat.VatAnswer.NOT_ASKED


def says_unknown(country: str, vat_id: str) -> vat.VatAnswer:
    """Stand in for a register that knows no number."""
    return vat.VatAnswer.UNKNOWN


@pytest.mark.usefixtures("_germany")
def test_who_is_refused_reads_why_and_asks_again(friend_client: Client, clock: Coordinates) -> None:
    friend_client.post(PRO, company())
    refuse_document(check_id=waiting().pk, who="Olga", reason="The policy names somebody else.", now=now())

    assert "The policy names somebody else." in str(deliver()[0].body)
    page = friend_client.get(PRO)
    assert "The policy names somebody else." in page.content.decode()
    assert_valid_html(page)
    assert friend_client.post(PRO, company(policy_number="P-2")).status_code == 302
    assert Pro.objects.get().policy_number == "P-2"


@pytest.mark.usefixtures("_germany")
def test_a_country_that_was_disabled_meanwhile_makes_no_pro(friend_client: Client, operator_client: Client) -> None:
    friend_client.post(PRO, company())
    disable_pros(country="DE")

    page = operator_client.post(f"/en/operators/documents/{waiting().pk}/approve/", follow=True)

    assert "Pros are not available in this country yet." in page.content.decode()
    assert not ben().is_pro
    assert waiting().state == CheckState.WAITING


@pytest.mark.usefixtures("_germany")
def test_a_renewal_counts_once_it_is_approved_and_leaves_the_company_as_it_is(
    friend_client: Client, clock: Coordinates
) -> None:
    friend_client.post(PRO, company())
    approve()
    later = UNTIL + timedelta(days=365)

    answer = friend_client.post(PRO, company(company="Another Ltd", insured_until=later.isoformat()))

    assert answer.status_code == 302
    assert Pro.objects.get().company == "Ben's Networks"
    assert ben().pro_until == UNTIL
    approve()
    assert ben().pro_until == later


@pytest.mark.usefixtures("_germany")
def test_reminders_come_30_and_7_days_before_each_once(friend_client: Client, clock: Coordinates) -> None:
    friend_client.post(PRO, company())
    approve()
    deliver()

    def reminded_on(day: date) -> list[str]:
        clock.move_to(now() + (day - now().date()))
        with platform_context():
            remind_pros()
            remind_pros()
        return [one.subject for one in deliver()]

    subject = "Your insurance ends on 31 March 2027"
    assert reminded_on(UNTIL - timedelta(days=31)) == []
    assert reminded_on(UNTIL - timedelta(days=30)) == [subject]
    assert reminded_on(UNTIL - timedelta(days=29)) == []
    assert reminded_on(UNTIL - timedelta(days=6)) == [subject]
    assert reminded_on(UNTIL) == []
    assert reminded_on(UNTIL + timedelta(days=1)) == []
