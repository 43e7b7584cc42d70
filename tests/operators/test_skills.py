"""Operators look after skills, online tests and certificates (R5, R9)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from time_machine import Coordinates

from crowd.models import Certificate, OnlineTest, PoolQuestion
from crowd.states import CertificateStep, Grade
from kernel.clock import now
from skills.models import Skill
from skills.services import add_skill
from tenants.models import Commission, Tenant
from tests.cast import Cast, deliver
from tests.crowd.online_tests import write_test
from tests.operators.test_operators import olga, operator_client  # noqa: F401  # fixtures
from tests.pages import assert_valid_html

HOME = "/en/operators/"
SKILLS = f"{HOME}skills/"
TESTS = f"{HOME}online-tests/"
CODES = ("de", "en", "fr", "it", "pl")


@pytest.fixture
def client(operator_client: Client, clock: Coordinates) -> Client:  # noqa: F811
    """Return Olga, at noon."""
    return operator_client


def names(words: str) -> dict[str, str]:
    return {f"name_{code}": f"{words} {code}" for code in CODES}


def test_the_tree_shows_groups_skills_and_how_many_have_them(client: Client, four_near: Cast) -> None:
    page = client.get(SKILLS)

    assert_valid_html(page)
    body = page.content.decode()
    assert "Repairing PC faults" in body
    assert "4 friends certified" in body


def test_a_skill_is_added_renamed_moved_and_retired(client: Client, nord: Tenant) -> None:
    group = Skill.objects.get(slug="computer")
    answer = client.post(f"{SKILLS}new/", names("Robots") | {"parent": "", "needs_certificate": "on"})
    skill = Skill.objects.get(slug="robots-en")
    path = f"{SKILLS}{skill.pk}/"
    assert answer["Location"] == path
    assert (skill.needs_certificate, bool(skill.changed_by)) == (True, True)

    rate = Commission.objects.create(tenant=nord, category="computer", basis_points=1_000)
    refused = client.post(path, names("Robot friends") | {"parent": str(group.pk)})
    assert "One of these groups has a commission of its own." in refused.content.decode()
    skill.refresh_from_db()
    assert (skill.name_en, skill.parent) == ("Robots en", None)  # type: ignore[attr-defined]  # of modeltranslation
    Commission.objects.filter(pk=rate.pk).update(valid_until=date(2026, 11, 1))
    client.post(path, names("Robot friends") | {"parent": str(group.pk)})
    page = client.get(f"{path}?packages=1")

    assert_valid_html(page)
    assert "No package needs it." in page.content.decode()
    skill.refresh_from_db()
    assert (skill.name_fr, skill.parent, skill.needs_certificate) == ("Robot friends fr", group, False)  # type: ignore[attr-defined]  # of modeltranslation
    client.post(f"{path}retire/")
    skill.refresh_from_db()
    assert skill.is_retired
    client.post(f"{path}retire/", {"back": "1"})
    skill.refresh_from_db()
    assert not skill.is_retired


def test_a_missing_language_is_named_beside_its_field_and_nothing_is_lost(client: Client) -> None:
    answer = client.post(f"{SKILLS}new/", names("Robots") | {"name_it": ""})

    assert answer.status_code == 422
    assert_valid_html(answer)
    body = answer.content.decode()
    assert 'value="Robots de"' in body
    assert 'href="#id_name_it"' in body
    assert not Skill.objects.filter(slug="robots-en").exists()


def test_which_packages_need_a_skill_is_asked_of_all_partners(client: Client, nord: Tenant, sued: Tenant) -> None:
    body = client.get(f"{SKILLS}{Skill.objects.get(slug='wifi').pk}/?packages=1").content.decode()

    assert body.count("Wi-Fi set-up") == 2


def test_a_partners_own_skill_is_shown_and_not_changed(client: Client, nord: Tenant) -> None:
    own = add_skill(
        names={"en": "Lamp"}, parent_id=None, needs_certificate=True, owner=nord.pk, owner_slug="nord", who="Maja",
        now=now(),
    )  # fmt: skip
    assert "For partners' own products" in client.get(SKILLS).content.decode()

    client.post(f"{SKILLS}{own.pk}/", names("Mine"))
    assert client.post(f"{SKILLS}{own.pk}/retire/").status_code == 404

    own.refresh_from_db()
    assert (own.name_en, own.is_retired) == ("Lamp", False)  # type: ignore[attr-defined]  # of modeltranslation
    assert client.get(f"{SKILLS}999999/").status_code == 404


def of_test(**fields: Any) -> dict[str, Any]:
    """Return what the browser sends for a test of a skill."""
    values: dict[str, Any] = {
        "kind": "skill", "skill": str(Skill.objects.get(slug="printer").pk), "grade": "1", "draws": "2", "minutes": "9",
        "pass_percent": "50", "retry_hours": "12", "valid_months": "",
    }  # fmt: skip
    values |= {f"title_{code}": f"Printers {code}" for code in CODES}
    values |= {f"intro_{code}": f"About {code}" for code in CODES}
    return values | fields


def of_question(**fields: Any) -> dict[str, Any]:
    """Return what the browser sends for a question with three choices, the second of which is right."""
    values: dict[str, Any] = {"is_active": "on", "right_1": "on"}
    for code in CODES:
        values |= {f"text_{code}": f"Why? {code}", f"explanation_{code}": f"So. {code}"}
        values |= {f"choice_{number}_{code}": f"C{number} {code}" for number in range(3)}
    return values | fields


def is_published(online_test: OnlineTest) -> bool:
    """Say whether friends can take it now."""
    online_test.refresh_from_db()
    return online_test.is_published


def test_a_test_is_written_filled_looked_at_published_and_withdrawn(client: Client) -> None:
    path = client.post(f"{TESTS}new/", of_test())["Location"]
    online_test = OnlineTest.objects.get(slug="printers-en")
    assert path == f"{TESTS}printers-en/"
    assert "The pool has 0 questions in use, and the test draws 2." in client.get(path).content.decode()
    client.post(f"{path}publish/")
    assert not is_published(online_test)

    assert client.post(f"{path}questions/new/", of_question(another="1"))["Location"] == f"{path}questions/new/"
    client.post(f"{path}questions/new/", of_question())
    question = PoolQuestion.objects.filter(test=online_test).first()
    assert question is not None
    assert [choice["is_right"] for choice in question.choices] == [False, True, False]
    for page in (client.get(path), client.get(f"{path}questions/{question.pk}/"), client.get(TESTS)):
        assert_valid_html(page)
    shown = client.get(f"{path}preview/?language=pl&answers=1")
    assert_valid_html(shown)
    assert shown.content.decode().count("Why? pl") == 2
    assert shown.content.decode().count(" checked") == 2

    client.post(f"{path}publish/")
    assert is_published(online_test)
    client.post(f"{path}publish/", {"withdraw": "1"})
    assert not is_published(online_test)


def test_an_incomplete_question_is_refused_in_words_and_kept_when_not_in_use(client: Client) -> None:
    online_test = write_test(Skill.objects.get(slug="printer"), is_published=False)
    path = f"{TESTS}{online_test.slug}/questions/new/"

    refused = client.post(path, of_question(text_pl="", choice_2_fr=""))

    assert refused.status_code == 422
    assert_valid_html(refused)
    body = refused.content.decode()
    assert "missing in: Polish" in body
    assert "A choice is missing in: French." in body
    assert "C1 it" in body
    kept = of_question(text_pl="")
    del kept["is_active"]
    assert client.post(path, kept).status_code == 302


def test_a_published_test_cannot_be_made_incomplete(client: Client) -> None:
    online_test = write_test(Skill.objects.get(slug="printer"))
    path = f"{TESTS}{online_test.slug}/"

    answer = client.post(path, of_test(draws="9"))

    assert answer.status_code == 422
    assert "must stay complete" in answer.content.decode()
    online_test.refresh_from_db()
    assert online_test.draws == 3
    answer = client.post(path, of_test(minutes="0", skill=""))
    assert answer.status_code == 422
    assert client.get(f"{TESTS}nothing/").status_code == 404
    assert client.get(f"{path}questions/999999/").status_code == 404


def test_a_certificate_is_given_with_a_proof_and_taken_back_with_a_reason(client: Client, four_near: Cast) -> None:
    ben = four_near["Ben"]
    found = client.get(f"{HOME}certificates/?q=ben+berlin").content.decode()
    path = f"{HOME}certificates/{ben.pk}/"
    assert path in found
    skill = Skill.objects.get(slug="thermostats")
    sent = {"skill": str(skill.pk), "grade": "2", "valid_from": "", "valid_until": "2027-06-30", "why": "Diploma"}

    assert client.post(path, sent)["Location"] == path
    certificate = Certificate.objects.get(friend=ben, skill=skill)
    assert (certificate.grade, certificate.valid_until) == (Grade.PRO, date(2027, 6, 30))
    assert_valid_html(client.get(path))
    assert [mail.subject for mail in deliver()] == ["Your certificate: Thermostats"]

    revoke = f"{HOME}certificates/{certificate.pk}/revoke/"
    client.post(revoke, {"why": " ", "friend": str(ben.pk)})
    assert Certificate.objects.filter(pk=certificate.pk).exists()
    client.post(revoke, {"why": "Wrong diploma"})
    assert not Certificate.objects.filter(pk=certificate.pk).exists()
    body = client.get(path).content.decode()
    assert "Wrong diploma" in body
    assert str(CertificateStep.REVOKED.label) in body


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"valid_from": "2026-10-01", "valid_until": "2026-09-30"}, "cannot end before it starts"),
        ({"valid_until": "2026-11-23", "valid_from": "2026-11-01"}, "This day has already passed."),
        ({"why": ""}, "which proof you have seen"),
        ({"valid_until": "soon"}, "Enter a valid date."),
    ],
)
def test_bad_certificates_are_refused_beside_the_field(
    client: Client, four_near: Cast, fields: dict[str, str], words: str
) -> None:
    sent = {"skill": str(Skill.objects.get(slug="thermostats").pk), "grade": "1", "why": "Seen"} | fields

    answer = client.post(f"{HOME}certificates/{four_near['Ben'].pk}/", sent)

    assert answer.status_code == 422
    assert_valid_html(answer)
    assert words in answer.content.decode()
    assert not Certificate.objects.filter(skill__slug="thermostats").exists()


def test_friends_and_strangers_stay_outside(friend_client: Client, db: None) -> None:
    for path in (SKILLS, TESTS, f"{HOME}certificates/"):
        assert friend_client.get(path).status_code == 403
        assert Client(headers={"host": "app.localhost"}).get(path).status_code == 302
