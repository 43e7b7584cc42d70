"""Signing up as a friend (R9, R11, R23): four steps, a confirmed address, an age that is checked."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from time_machine import Coordinates

from accounts.models import User
from crowd.models import DocumentCheck, Friend, Membership
from crowd.onboarding import activate_when_ready, note_age_checked
from crowd.services import refresh_candidates
from crowd.states import CheckState, Grade
from journeys.tasks import forget_unconfirmed
from kernel.clock import now
from kernel.slots import bit
from skills.models import Skill
from tenants.models import Tenant
from tests.cast import book, deliver, register_friend
from tests.joining import ACCOUNT, HOME, PASSWORD, join, picture, skills_and_languages, stranger, upload
from tests.pages import assert_valid_html, press, text_of


@pytest.fixture
def newcomer(nord: Tenant, clock: Coordinates) -> Client:
    """Return Nele, who has signed up and confirmed her address."""
    client = stranger()
    join(client, partner="nord")
    confirm(client)
    return client


def link_in_mail() -> str:
    """Deliver what waits and return the path of the link in the last mail."""
    deliver()
    found = re.search(r"http://app\.localhost:\d+(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def confirm(client: Client, path: str = "") -> int:
    """Follow the link of the last mail, or this one, and press the button; return the status of the answer."""
    page = client.get(path or link_in_mail(), follow=True)
    if page.status_code != 200:
        return page.status_code
    # In another browser than that of the sign-up a password is asked for.
    values = {"password": PASSWORD} if 'type="password"' in page.content.decode() else {}
    return client.post(page.request["PATH_INFO"], values).status_code


def nele() -> Friend:
    """Return her."""
    return Friend.objects.get(email="nele@friends.example")


def test_sign_in_and_a_partners_community_lead_to_the_sign_up(nord: Tenant, visitor: Client) -> None:
    assert "/en/join/" in stranger().get("/en/sign-in/").content.decode()
    assert "http://app.localhost:8000/en/join/?partner=nord" in visitor.get("/en/community/").content.decode()


def test_four_steps_and_a_link_make_a_friend_who_waits(nord: Tenant, clock: Coordinates) -> None:
    client = stranger()

    answer = join(client, partner="nord")

    assert answer["Location"] == "/en/join/sent/"
    assert "Nele@friends.example" in client.get("/en/join/sent/").content.decode()
    friend = nele()
    assert (friend.town, friend.radius_m, friend.phone) == ("Berlin", 15_000, "+49307654321")
    assert (friend.is_active, friend.age_checked_at, friend.onboarded_at) == (False, None, None)
    assert list(friend.certificates.values_list("skill__slug", "grade")) == [("wifi", Grade.DECLARED)]
    assert set(friend.memberships.values_list("community", flat=True)) == {0, nord.pk}
    assert client.get("/en/welcome/").status_code == 302

    path = link_in_mail()
    followed = client.get(path)
    assert followed["Location"] == "/en/join/confirm/"
    assert followed["Referrer-Policy"] == "no-referrer"
    assert_valid_html(client.get("/en/join/confirm/"))
    assert client.get("/en/welcome/").status_code == 302
    answer = client.post("/en/join/confirm/")

    assert answer["Location"] == "/en/welcome/"
    page = client.get("/en/welcome/")
    assert "Send a proof of age" in page.content.decode()
    assert_valid_html(page)
    assert client.get("/en/")["Location"] == "/en/welcome/"


def test_the_link_works_once_and_for_seven_days(nord: Tenant, clock: Coordinates) -> None:
    join(stranger())
    path = link_in_mail()
    clock.shift(timedelta(days=8))
    assert confirm(stranger(), path) == 410
    assert not User.objects.get(email="nele@friends.example").is_active
    clock.shift(timedelta(days=-8))

    assert confirm(stranger(), path) == 302
    assert confirm(stranger(), path) == 410
    assert stranger().post("/en/join/confirm/").status_code == 410


def test_a_link_that_no_longer_works_offers_a_new_one(nord: Tenant, clock: Coordinates) -> None:
    join(stranger())
    old = link_in_mail()
    clock.shift(timedelta(days=8))
    client = stranger()
    void = client.get(old, follow=True)
    assert void.status_code == 410
    assert_valid_html(void)
    again = press(client, void, "Send me a new link", {"email": "nobody"})
    assert again.status_code == 422
    assert_valid_html(again)

    sent = press(client, void, "Send me a new link", {"email": "Nele@friends.example"})

    assert "Nele@friends.example" in sent.content.decode()
    confirm = client.get(link_in_mail(), follow=True)
    welcome = press(client, confirm, "Confirm and continue", {"password": PASSWORD})
    assert welcome.request["PATH_INFO"] == "/en/welcome/"
    press(stranger(), void, "Send me a new link", {"email": "Nele@friends.example"})
    assert [one.subject for one in deliver()] == ["You have an account already"]
    press(stranger(), void, "Send me a new link", {"email": "nobody@friends.example"})
    assert deliver() == []


def test_within_an_hour_one_new_link_is_mailed(nord: Tenant, clock: Coordinates) -> None:
    join(stranger())
    deliver()

    for _press in range(3):
        stranger().post("/en/join/new-link/", {"email": "Nele@friends.example"})

    assert len(deliver()) == 1


def test_who_signs_up_with_somebody_elses_address_never_gets_in(nord: Tenant, clock: Coordinates) -> None:
    join(stranger(), account=ACCOUNT | {"password": "the-strangers-own"})
    owner = stranger()

    page = owner.get(link_in_mail(), follow=True)
    assert "Please choose a password for your account." in page.content.decode()
    assert_valid_html(page)
    nothing = owner.post("/en/join/confirm/")
    assert nothing.status_code == 422
    assert_valid_html(nothing)
    assert owner.post("/en/join/confirm/", {"password": "short"}).status_code == 422
    assert owner.post("/en/join/confirm/", {"password": PASSWORD})["Location"] == "/en/welcome/"

    form = {"username": "nele@friends.example", "password": "the-strangers-own"}
    assert stranger().post("/en/sign-in/", form).status_code == 422
    assert stranger().post("/en/sign-in/", form | {"password": PASSWORD}).status_code == 302


def test_nobodys_mailbox_is_flooded_by_who_signs_up_again_and_again(nord: Tenant, clock: Coordinates) -> None:
    for _time in range(5):
        join(stranger())
    client = stranger()
    for step, values in {"home": HOME, "account": ACCOUNT, "skills": skills_and_languages()}.items():
        client.post(f"/en/join/{step}/", values)

    answer = client.post("/en/join/communities/", {"in_shared_crowd": "on"})

    assert answer.status_code == 429
    assert len(deliver()) == 1
    clock.shift(timedelta(days=1, seconds=1))
    assert client.post("/en/join/communities/", {"in_shared_crowd": "on"}).status_code == 302


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Nele@friends.example", "too similar to the"),
        ("nelefriends", "too similar to the"),
        ("quartett12", "too easy to guess"),
        ("Quartett-Friends-2026!", "too easy to guess"),
        ("password-quartett", "too easy to guess"),
    ],
)
def test_a_password_that_everybody_would_try_is_refused(
    nord: Tenant, clock: Coordinates, password: str, words: str
) -> None:
    client = stranger()
    client.post("/en/join/home/", HOME)

    answer = client.post("/en/join/account/", ACCOUNT | {"password": password})

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_without_the_link_nobody_signs_in(nord: Tenant, clock: Coordinates) -> None:
    join(stranger())

    answer = stranger().post("/en/sign-in/", {"username": "nele@friends.example", "password": PASSWORD})
    assert answer.status_code == 422

    assert confirm(stranger()) == 302
    answer = stranger().post("/en/sign-in/", {"username": "nele@friends.example", "password": PASSWORD})
    assert answer.status_code == 302


def test_a_known_address_is_told_to_its_owner_alone(nord: Tenant, clock: Coordinates) -> None:
    register_friend("Nele", km=1)
    before = User.objects.get(email="nele@friends.example").password
    client = stranger()

    answer = join(client)

    assert answer["Location"] == "/en/join/sent/"
    assert client.get("/en/join/sent/").content.decode().count("Nele@friends.example") == 1
    assert [(one.to, one.subject) for one in deliver()] == [(["nele@friends.example"], "You have an account already")]
    assert User.objects.get(email="nele@friends.example").password == before
    assert Friend.objects.filter(email="nele@friends.example").count() == 1

    join(stranger())
    assert deliver() == []


def test_who_never_confirmed_is_replaced(nord: Tenant, clock: Coordinates) -> None:
    join(stranger())
    first = nele().pk

    join(stranger(), home=HOME | {"radius_km": "30"})

    assert nele().pk != first
    assert nele().radius_m == 30_000
    assert User.objects.filter(email="nele@friends.example").count() == 1


def test_who_never_confirms_is_forgotten_after_two_weeks(nord: Tenant, clock: Coordinates) -> None:
    join(stranger())
    register_friend("Cem", km=1)
    clock.shift(timedelta(days=13))
    assert forget_unconfirmed() == 0
    clock.shift(timedelta(days=2))

    assert forget_unconfirmed() == 1

    assert list(Friend.objects.values_list("first_name", flat=True)) == ["Cem"]
    assert list(User.objects.filter(kind="friend").values_list("first_name", flat=True)) == ["Cem"]


@pytest.mark.parametrize(
    ("born_on", "words"),
    [
        ("2008-11-25", "You must be at least 18 years old."),
        ("2027-01-01", "This date lies in the future."),
        ("1890-05-05", "Please check the year of your date of birth."),
        ("1916-11-23", "Please check the year of your date of birth."),
        ("", "Please enter a date."),
        ("soon", "Please enter a date."),
    ],
)
def test_who_is_under_age_or_not_born_yet_is_told_so_and_all_typed_stays(
    nord: Tenant, clock: Coordinates, born_on: str, words: str
) -> None:
    client = stranger()
    client.post("/en/join/home/", HOME)

    answer = client.post("/en/join/account/", ACCOUNT | {"born_on": born_on})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="Nele"' in page
    assert 'value="030 7654321"' in page
    assert PASSWORD not in page
    assert_valid_html(answer)


def test_on_the_eighteenth_birthday_one_may_join(nord: Tenant, clock: Coordinates) -> None:
    join(stranger(), account=ACCOUNT | {"born_on": "2008-11-24"})

    assert nele().born_on.isoformat() == "2008-11-24"


@pytest.mark.parametrize("radius", ["0", "5000", "-3", "", "far"])
def test_a_radius_that_is_none_is_refused_in_words(nord: Tenant, radius: str) -> None:
    answer = stranger().post("/en/join/home/", HOME | {"radius_km": radius})

    assert answer.status_code == 422
    assert "Please choose a travel radius of 1 to 100 km." in answer.content.decode()
    assert 'value="10115"' in answer.content.decode()
    assert_valid_html(answer)


@pytest.mark.parametrize(
    ("step", "changed", "words"),
    [
        ("home", HOME | {"postal_code": "99999"}, "We do not know this postal code."),
        ("account", ACCOUNT | {"phone": "12"}, "Please enter a phone number with the area code."),
        ("account", ACCOUNT | {"email": "nele"}, "Please enter an email address"),
        ("account", ACCOUNT | {"password": "short"}, "at least 10 characters"),
        ("account", ACCOUNT | {"first_name": ""}, "Please fill this in."),
        ("skills", {"languages": [], "skill_ids": []}, "Please choose at least one language."),
        ("communities", {}, "Choose a community or jobs from other brands."),
    ],
)
def test_bad_input_is_answered_beside_the_field(
    nord: Tenant, clock: Coordinates, step: str, changed: dict[str, Any], words: str
) -> None:
    client = stranger()
    steps = {"home": HOME, "account": ACCOUNT, "skills": skills_and_languages()}
    for name, values in steps.items():
        if name == step:
            break
        client.post(f"/en/join/{name}/", values)

    answer = client.post(f"/en/join/{step}/", changed)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert_valid_html(answer)


def test_steps_cannot_be_skipped_and_going_back_keeps_everything_but_the_password(
    nord: Tenant, clock: Coordinates
) -> None:
    client = stranger()
    assert client.get("/en/join/communities/")["Location"] == "/en/join/home/"
    client.post("/en/join/home/", HOME)
    client.post("/en/join/account/", ACCOUNT)

    page = client.get("/en/join/account/").content.decode()
    assert 'value="Neu"' in page
    assert PASSWORD not in page
    again = client.post("/en/join/account/", ACCOUNT | {"password": "", "last_name": "Neumann"})

    assert again["Location"] == "/en/join/skills/"
    client.post("/en/join/skills/", skills_and_languages())
    client.post("/en/join/communities/", {"in_shared_crowd": "on"})
    confirm(client)
    assert nele().last_name == "Neumann"
    assert (
        stranger().post("/en/sign-in/", {"username": "nele@friends.example", "password": PASSWORD}).status_code == 302
    )


def test_skills_that_need_a_certificate_are_shown_and_cannot_be_declared(nord: Tenant, clock: Coordinates) -> None:
    client = stranger()
    client.post("/en/join/home/", HOME)
    client.post("/en/join/account/", ACCOUNT)
    thermostats = str(Skill.objects.get(slug="thermostats").pk)

    page = client.get("/en/join/skills/").content.decode()
    answer = client.post("/en/join/skills/", skills_and_languages(skill_ids=[thermostats]))

    assert "You get these after a test" in page
    assert "Thermostats" in page
    assert f'name="skill_ids" value="{thermostats}"' not in page
    assert answer.status_code == 422


def test_a_proof_of_age_is_sent_waits_and_can_be_replaced(newcomer: Client) -> None:
    answer = newcomer.post("/en/welcome/", {"file": upload()})
    assert answer.status_code == 302
    assert "We check your proof of age" in newcomer.get("/en/welcome/").content.decode()

    newcomer.post("/en/welcome/", {"file": picture()})

    check = DocumentCheck.objects.get(friend=nele())
    assert check.state == CheckState.WAITING
    assert check.file.name.endswith(".jpg")
    assert check.community == Membership.objects.exclude(community=0).get(friend=nele()).community


@pytest.mark.parametrize("content", [b"MZ not a document", b"%PDF-1.4 cut off", b""])
def test_a_file_is_judged_by_its_content_not_by_its_name(newcomer: Client, content: bytes) -> None:
    answer = newcomer.post("/en/welcome/", {"file": upload(content, "passport.pdf")})

    assert answer.status_code == 422
    assert not DocumentCheck.objects.exists()
    assert_valid_html(answer)


def test_no_file_and_a_huge_file_are_refused_in_words(newcomer: Client) -> None:
    assert "Please choose a file." in newcomer.post("/en/welcome/", {}).content.decode()
    huge = upload(b"%PDF-1.4" + b" " * 10 * 1024 * 1024 + b"%%EOF")

    assert "at most 10 MB" in newcomer.post("/en/welcome/", {"file": huge}).content.decode()
    assert not DocumentCheck.objects.exists()


def test_a_friend_is_active_only_with_age_and_onboarding_test(newcomer: Client) -> None:
    friend = nele()
    note_age_checked(friend.pk, now=now())
    assert not activate_when_ready(friend.pk, now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Friend.objects.filter(pk=friend.pk).update(is_active=True)
    Friend.objects.filter(pk=friend.pk).update(onboarded_at=now())

    assert activate_when_ready(friend.pk, now())

    friend.refresh_from_db()
    assert friend.is_active
    assert not activate_when_ready(friend.pk, now())
    refresh_candidates([friend.pk])
    assert newcomer.get("/en/").status_code == 200


def test_the_way_to_the_first_offer_leads_into_the_onboarding_test(newcomer: Client, clock: Coordinates) -> None:
    rules = press(newcomer, newcomer.get("/en/welcome/"), "See the rules and begin")
    assert rules.request["PATH_INFO"] == "/en/tests/onboarding/"

    paper = press(newcomer, rules, "Begin now")
    assert "You have time until" in paper.content.decode()
    again = press(newcomer, newcomer.get("/en/welcome/"), "Continue")
    assert again.request["PATH_INFO"] == paper.request["PATH_INFO"]

    clock.shift(timedelta(hours=3))
    press(newcomer, again, "Submit")
    page = newcomer.get("/en/welcome/")
    assert "You can try again from" in page.content.decode()
    assert_valid_html(page)


def test_the_town_and_what_was_asked_for_nearby_follow_the_postal_code(nord: Tenant, clock: Coordinates) -> None:
    client = stranger()
    register_friend("Ben", km=1, communities=[nord.pk])
    for _order in range(4):
        book(nord)
    page = press(client, client.get("/en/join/", follow=True), "Continue", HOME)
    assert "10115 Berlin" in text_of(page)
    assert "Few jobs have been ordered near here so far." in text_of(page)
    for _order in range(5):
        book(nord)

    page = client.get("/en/join/account/")

    assert "Within 15 km of here, at least 5 jobs were ordered in the last 90 days." in text_of(page)
    assert "A friend got €41.65 for most of them." in text_of(page)
    assert_valid_html(page)
    elsewhere = press(client, press(client, page, "Change the place"), "Continue", HOME | {"postal_code": "20095"})
    assert "20095 Hamburg" in text_of(elsewhere)
    assert "Few jobs have been ordered near here so far." in text_of(elsewhere)
    clock.shift(timedelta(days=91))
    client.post("/en/join/home/", HOME)
    assert "Few jobs have been ordered near here so far." in text_of(client.get("/en/join/account/"))


def test_only_brands_that_work_there_are_offered_each_with_its_sentence(
    nord: Tenant, sued: Tenant, clock: Coordinates
) -> None:
    Tenant.objects.filter(pk=nord.pk).update(tagline={"en": "Help from <next> door."})
    client = stranger()
    client.post("/en/join/home/", HOME)
    client.post("/en/join/account/", ACCOUNT | {"phone": "+49 30 7654321"})

    page = client.post("/en/join/skills/", skills_and_languages(), follow=True)

    assert "Nord Help from <next> door." in text_of(page)
    assert "Süd" not in text_of(page)
    assert_valid_html(page)
    client.post("/en/join/home/", HOME | {"country": "AT", "postal_code": "1010"})
    page = client.get("/en/join/communities/")
    assert "No brand has a community of its own here yet." in text_of(page)
    assert_valid_html(page)
    assert press(client, page, "Become a friend").request["PATH_INFO"] == "/en/join/sent/"
    assert set(nele().memberships.values_list("community", flat=True)) == {0}


def test_when_somebody_has_time_is_asked_and_nothing_is_ticked_beforehand(nord: Tenant, clock: Coordinates) -> None:
    client = stranger()
    client.post("/en/join/home/", HOME)
    page = client.post("/en/join/account/", ACCOUNT, follow=True)
    assert "When do you usually have time?" in text_of(page)

    refused = press(client, page, "Continue", skills_and_languages(free_week=[]))

    assert refused.status_code == 422
    assert "Please choose at least one time." in text_of(refused)
    assert_valid_html(refused)
    press(client, refused, "Continue", skills_and_languages(free_week=["2", "20"]))
    back = client.get("/en/join/skills/").content.decode()
    assert all(f'value="{at}" checked' in back for at in (2, 20))
    press(client, client.get("/en/join/communities/"), "Become a friend")
    assert nele().free_week == bit(0, 2) | bit(6, 2)


@pytest.mark.parametrize("language", ["de", "fr", "it", "pl"])
def test_all_pages_are_valid_in_all_languages(newcomer: Client, language: str) -> None:
    fresh = stranger()
    for client, path in ((fresh, "join/home/"), (fresh, "join/sent/"), (newcomer, "welcome/")):
        page = client.get(f"/{language}/{path}")

        assert page.status_code == 200
        assert_valid_html(page)
