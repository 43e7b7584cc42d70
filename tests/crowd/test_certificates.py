"""Certificates: issued, renewed, revoked, expired; bad input is one that ends before it starts (R9)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from time_machine import Coordinates

from crowd.certificates import (
    add_months,
    endings,
    history_of,
    issue_by_operator,
    issue_by_partner,
    issue_by_test,
    revoke_certificate,
    standings,
)
from crowd.errors import UnableToCertify
from crowd.models import Candidate, Certificate, CertificateEvent, Friend
from crowd.states import CertificateStep, Grade
from journeys.friend.certify_friend import (
    certify_by_operator,
    certify_by_partner,
    revoke_by_partner,
    sweep_certificates,
)
from kernel.clock import now
from skills.models import Skill
from skills.services import add_skill
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import certify_friend, deliver, register_friend

TODAY = date(2026, 11, 24)


@pytest.fixture
def ben(nord: Tenant, clock: Coordinates) -> Friend:
    """Return a member of Nord's community, who has declared Wi-Fi."""
    friend = register_friend("Ben", km=1, communities=[nord.pk])
    certify_friend(friend=friend, skills=Skill.objects.filter(slug="wifi"), grade=Grade.DECLARED)
    return friend


@pytest.fixture
def thermostats(db: None) -> Skill:
    """Return a skill that needs a certificate."""
    return Skill.objects.get(slug="thermostats")


@pytest.fixture
def lamp(nord: Tenant, clock: Coordinates) -> Skill:
    """Return a skill for a product of Nord's own."""
    return add_skill(
        names={"de": "Nordlampe"}, parent_id=None, needs_certificate=True, owner=nord.pk, owner_slug="nord", who="Maja",
        now=now(),
    )  # fmt: skip


def certify(friend: Friend, skill: Skill, **fields: Any) -> Certificate:
    """Certify by an operator, for a year where ``fields`` says nothing else."""
    values: dict[str, Any] = {"grade": Grade.FRIEND, "valid_from": None, "valid_until": TODAY + timedelta(days=365)}
    return issue_by_operator(
        friend_id=friend.pk, skill_id=skill.pk, who="Olga", why="Diploma seen", now=now(), **(values | fields)
    )


def candidates(friend: Friend, skill: Skill) -> list[tuple[int, date | None]]:
    """Return what the search knows of a friend and a skill."""
    return list(Candidate.objects.filter(friend=friend, skill=skill).values_list("grade", "valid_until"))


def steps(friend: Friend) -> list[tuple[str, str]]:
    """Return a friend's history, newest first."""
    return list(history_of(friend.pk).values_list("step", "why"))


def test_an_operator_certifies_with_a_proof_and_the_search_knows_at_once(ben: Friend, thermostats: Skill) -> None:
    assert candidates(ben, thermostats) == []

    certificate = certify(ben, thermostats, grade=Grade.PRO)

    assert candidates(ben, thermostats) == [(Grade.PRO, date(2027, 11, 24))]
    assert (certificate.valid_from, certificate.issuer, certificate.issued_by) == (TODAY, None, "Olga")
    assert steps(ben) == [(CertificateStep.ISSUED, "Diploma seen")]


def test_giving_it_again_renews_it(ben: Friend, thermostats: Skill) -> None:
    first = certify(ben, thermostats)
    second = certify(ben, thermostats, valid_until=None)

    assert first.pk == second.pk
    assert second.valid_until is None
    assert [step for step, _why in steps(ben)] == [CertificateStep.RENEWED, CertificateStep.ISSUED]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"valid_from": TODAY, "valid_until": TODAY - timedelta(days=1)}, "valid_until", "cannot end before it starts"),
        ({"valid_from": date(2026, 1, 1), "valid_until": date(2025, 12, 31)}, "valid_until", "before it starts"),
        ({"valid_from": date(2026, 1, 1), "valid_until": date(2026, 11, 23)}, "valid_until", "already passed"),
        ({"valid_until": date(2036, 11, 25)}, "valid_until", "within the next ten years"),
        ({"valid_from": TODAY + timedelta(days=1)}, "valid_from", "from today or from an earlier day"),
        ({"grade": Grade.DECLARED}, "grade", "choose a level"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    ben: Friend, thermostats: Skill, fields: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(UnableToCertify) as error:
        certify(ben, thermostats, **fields)

    assert set(error.value.fields) == {field}
    assert words in error.value.fields[field]
    assert not Certificate.objects.filter(skill=thermostats).exists()


def test_a_proof_and_a_skill_that_somebody_can_have_are_needed(ben: Friend, thermostats: Skill) -> None:
    group = Skill.objects.get(slug="smart-home")
    for skill, why, field in ((thermostats, " ", "why"), (group, "Seen", "skill")):
        with pytest.raises(UnableToCertify) as error:
            issue_by_operator(
                friend_id=ben.pk, skill_id=skill.pk, grade=1, valid_from=None, valid_until=None, who="Olga", why=why,
                now=now(),
            )  # fmt: skip
        assert set(error.value.fields) == {field}


def test_the_database_keeps_dates_in_order(ben: Friend, thermostats: Skill) -> None:
    certificate = certify(ben, thermostats)

    with pytest.raises(IntegrityError, match="certificate_ends_after_it_starts"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(valid_until=TODAY - timedelta(days=1))


def test_a_partner_certifies_its_members_for_its_own_products_and_nobody_else(
    ben: Friend, lamp: Skill, thermostats: Skill, nord: Tenant, sued: Tenant
) -> None:
    finn = register_friend("Finn", km=9, communities=[sued.pk])

    def issue(friend: Friend, skill: Skill, issuer: Tenant) -> Certificate:
        return issue_by_partner(
            friend_id=friend.pk, skill_id=skill.pk, valid_until=None, issuer=issuer.pk, who="Maja", now=now()
        )

    assert issue(ben, lamp, nord).issuer == nord.pk
    for friend, skill, issuer, field in (
        (ben, thermostats, nord, "skill"),
        (finn, lamp, nord, "friend"),
        (finn, lamp, sued, "skill"),
    ):
        with pytest.raises(UnableToCertify) as error:
            issue(friend, skill, issuer)
        assert set(error.value.fields) == {field}


def test_a_partner_revokes_only_what_is_its_own(ben: Friend, lamp: Skill, thermostats: Skill, nord: Tenant) -> None:
    general = certify(ben, thermostats)
    own = issue_by_partner(friend_id=ben.pk, skill_id=lamp.pk, valid_until=None, issuer=nord.pk, who="Maja", now=now())

    with tenant_context(nord):
        with pytest.raises(Certificate.DoesNotExist):
            revoke_by_partner(tenant=nord, certificate_id=general.pk, who="Maja", why="No", now=now())
        with pytest.raises(UnableToCertify):
            revoke_by_partner(tenant=nord, certificate_id=own.pk, who="Maja", why=" ", now=now())
        revoke_by_partner(tenant=nord, certificate_id=own.pk, who="Maja", why="The lamp is gone", now=now())

    assert not Certificate.objects.filter(pk=own.pk).exists()
    assert Certificate.objects.filter(pk=general.pk).exists()
    assert steps(ben)[0] == (CertificateStep.REVOKED, "The lamp is gone")


def test_what_needs_no_certificate_falls_back_to_what_the_friend_says(ben: Friend) -> None:
    wifi = Skill.objects.get(slug="wifi")
    certificate = certify(ben, wifi)
    assert candidates(ben, wifi) == [(Grade.FRIEND, date(2027, 11, 24))]

    revoke_certificate(certificate_id=certificate.pk, who="Olga", why="Wrong person", now=now())

    assert candidates(ben, wifi) == [(Grade.DECLARED, None)]


def test_the_day_after_its_last_a_certificate_is_over(ben: Friend, thermostats: Skill, clock: Coordinates) -> None:
    wifi = Skill.objects.get(slug="wifi")
    for skill in (thermostats, wifi):
        certify(ben, skill, valid_until=TODAY + timedelta(days=1))
    clock.shift(timedelta(days=1))
    assert sweep_certificates(now=now()) == 0
    clock.shift(timedelta(days=1))

    assert sweep_certificates(now=now()) == 2
    assert sweep_certificates(now=now()) == 0

    assert candidates(ben, thermostats) == []
    assert candidates(ben, wifi) == [(Grade.DECLARED, None)]
    assert [one.skill.slug for one in standings(ben.pk, today=now().date())] == ["wifi"]
    assert CertificateEvent.objects.filter(step=CertificateStep.EXPIRED, friend=ben).count() == 2
    assert "Your certificate has ended: Thermostats" in [mail.subject for mail in deliver()]


def test_reminders_come_thirty_seven_and_one_days_before_and_each_once(
    ben: Friend, thermostats: Skill, clock: Coordinates
) -> None:
    certify(ben, thermostats, valid_until=TODAY + timedelta(days=40))
    told = []
    for day in range(42):
        for _twice in range(2):
            sweep_certificates(now=now())
        told += [(day, mail.subject) for mail in deliver() if "ends soon" in mail.subject]
        clock.shift(timedelta(days=1))

    assert [day for day, _subject in told] == [10, 33, 39]


def test_who_is_certified_for_a_week_is_not_reminded_of_thirty_days(ben: Friend, thermostats: Skill) -> None:
    certify(ben, thermostats, valid_until=TODAY + timedelta(days=7))

    assert list(endings(today=TODAY)) == []
    assert [ending.days for ending in endings(today=TODAY + timedelta(days=6))] == [1]


def test_a_test_never_makes_a_better_certificate_worse(ben: Friend, thermostats: Skill) -> None:
    def pass_test(months: int | None, grade: int = Grade.FRIEND) -> Certificate:
        return issue_by_test(
            friend_id=ben.pk, skill=thermostats, grade=grade, months=months, test="Thermostats", now=now()
        )

    certify(ben, thermostats, grade=Grade.PRO)
    assert pass_test(24).grade == Grade.PRO
    assert pass_test(6, Grade.PRO).valid_until == date(2027, 11, 24)
    assert pass_test(24, Grade.PRO).valid_until == date(2028, 11, 24)
    assert pass_test(None, Grade.PRO).valid_until is None
    assert pass_test(24, Grade.PRO).valid_until is None


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 24), 24, date(2028, 11, 24)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_end_where_the_month_does(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_the_friend_is_told_in_words_who_certified_them(ben: Friend, lamp: Skill, nord: Tenant) -> None:
    with tenant_context(nord):
        certify_by_partner(
            tenant=nord, friend_id=ben.pk, skill_id=lamp.pk, valid_from=None, valid_until=None, who="Maja", why="",
            now=now(),
        )  # fmt: skip

    (mail,) = deliver()
    assert mail.subject == "Your certificate: Nordlampe"
    assert "Nord" in mail.body
    assert "No expiry" in mail.body


def test_an_operators_certificate_is_told_too(ben: Friend, thermostats: Skill) -> None:
    certify_by_operator(
        friend_id=ben.pk, skill_id=thermostats.pk, grade=1, valid_from=None, valid_until=None, who="Olga", why="Seen",
        now=now(),
    )  # fmt: skip

    assert [mail.subject for mail in deliver()] == ["Your certificate: Thermostats"]
