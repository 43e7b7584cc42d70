"""The cast: partners Nord (Berlin) and Süd (Zürich); Ada the customer; friends by name, so many kilometres from her."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.core import mail
from django.db import transaction
from django.test import Client

from accounts.groups import MANAGERS
from accounts.models import Kind, User
from accounts.services import add_staff
from catalog.kinds import QuestionKind
from catalog.models import Package, Price, Question
from catalog.starter import clear_catalogue
from crowd.models import SHARED_CROWD, Certificate, Friend
from crowd.services import join_community, join_crowd, refresh_candidates
from crowd.states import Grade
from developers.kinds import WEBHOOK
from journeys.order.booking.book_package import book_package
from kernel.clock import now
from kernel.slots import WHOLE_WEEK, Part
from notices.handlers import HANDLERS
from orders.models import BookingDraft, Order
from orders.services.drafts import save_step, start_draft
from outbox.services import relay
from skills.models import Skill
from skills.services import define_skill
from tenants.context import platform_context, tenant_context
from tenants.lifecycle.provisioning import provision_tenant
from tenants.models import Tenant
from tests.responses import Response

# Friends by their first names.
Cast = dict[str, Friend]
PASSWORD = "cast-of-the-tests"
# Ada lives at 10115 Berlin; a kilometre north is so many degrees.
ADA_AT = (52.5323, 13.3846)
DEGREES_A_KM = 1 / 111.195
ADA = {
    "name": "Ada Lovelace",
    "email": "ada@customers.example",
    "phone": "030 1234567",
    "street": "Invalidenstr. 1",
    "note": "",
}
LANGUAGES = {"nord": ["de", "en"], "sued": ["de", "fr", "it", "en"]}


def plant_partners(moment: datetime) -> None:
    """Make both partners with a catalogue, pages and a manager each."""
    define_skill(slug="wifi", names={"de": "WLAN", "en": "Wi-Fi"})
    define_skill(slug="thermostats", names={"de": "Thermostate", "en": "Thermostats"}, needs_certificate=True)
    _plant("nord", "Nord", country="DE", currency="EUR", colour="#d7263d")
    _plant("sued", "Süd", country="CH", currency="CHF", colour="#3d2c8d")


def put_in_category(skill: str, group: str) -> None:
    """Let a skill stand in a group of the tree, so that packages which need it are of that category."""
    Skill.objects.filter(slug=skill).update(parent=Skill.objects.get(slug=group))


def register_friend(
    name: str, *, km: float, communities: Iterable[int] = (), in_shared_crowd: bool = False, **fields: Any
) -> Friend:
    """Register a friend so many kilometres north of Ada, whose age is checked and who has a certificate for Wi-Fi."""
    profile = {
        "first_name": name,
        "last_name": "Muster",
        "phone": "+4915112345678",
        "language": "en",
        "languages": ["de", "en"],
        "born_on": date(1990, 1, 1),
        "country": "DE",
        "postal_code": "10115",
        "town": "Berlin",
        "radius_m": 30_000,
        "free_week": WHOLE_WEEK,
        "latitude": ADA_AT[0] + km * DEGREES_A_KM,
        "longitude": ADA_AT[1],
    }
    profile |= fields
    with platform_context(), transaction.atomic():
        user = User.objects.create_user(
            f"{name.lower()}@friends.example",
            PASSWORD,
            kind=Kind.FRIEND,
            language=profile["language"],
            first_name=profile["first_name"],
            last_name=profile["last_name"],
        )
        friend = join_crowd(
            friend_id=user.uuid,
            email=user.email,
            in_shared_crowd=False,
            now=now(),
            **({"age_checked_at": now(), "onboarded_at": now()} | profile),
        )
        # Before the communities, so that the search is told of both at once: most tests begin with four friends.
        Certificate.objects.bulk_create(
            Certificate(friend=friend, skill=skill, grade=Grade.FRIEND) for skill in Skill.objects.filter(slug="wifi")
        )
        for community in (*communities, *([SHARED_CROWD] if in_shared_crowd else [])):
            join_community(friend=friend, community=community)
    return friend


@transaction.atomic
def certify_friend(
    *, friend: Friend, skills: Iterable[Skill], grade: int = Grade.FRIEND, valid_until: date | None = None
) -> None:
    """Give the friend certificates, or renew them."""
    for skill in skills:
        Certificate.objects.update_or_create(
            friend=friend, skill=skill, defaults={"grade": grade, "valid_until": valid_until}
        )
    refresh_candidates([friend.id])


def complete_draft(package_slug: str = "wifi-setup", /, **steps: dict[str, Any]) -> BookingDraft:
    """Write a draft in which everything is filled in, or differently where ``steps`` says so. Run inside a tenant."""
    draft = start_draft(package=Package.objects.get(slug=package_slug), now=now())
    filled: dict[str, dict[str, Any]] = {
        "place": {"country": "DE", "postal_code": "10115"},
        "questions": {"provider": "1", "rooms": "3", "problem": "The signal is weak."},
        "times": {"windows": wished_windows()},
        "contact": ADA,
        "payment": {"method": "cash"},
    }
    for step, values in (filled | steps).items():
        save_step(draft_id=draft.pk, step=step, values=values)
    draft.refresh_from_db()
    return draft


def wished_windows() -> list[str]:
    """Return the windows that Ada wishes for: tomorrow evening and the morning in four days, as the form sends them."""
    today = now().date()
    return [f"{today + timedelta(days=1)}:{Part.EVENING}", f"{today + timedelta(days=4)}:{Part.MORNING}"]


def book(tenant: Tenant, **steps: dict[str, Any]) -> Order:
    """Let Ada book at a partner."""
    with tenant_context(tenant):
        return book_package(draft_id=complete_draft(**steps).pk, language="en", now=now())


def sign_in_staff(client: Client, email: str, password: str = PASSWORD, **fields: str) -> Response:
    """Send the form of the staff's door on the client's host."""
    return client.post("/en/account/sign-in/", {"login": email, "password": password} | fields)


def is_signed_in(client: Client) -> bool:
    """Say whether somebody is signed in on the client's host; strangers are sent to the sign-in."""
    return client.get("/en/account/security/").status_code != HTTPStatus.FOUND


def deliver() -> list[Any]:
    """Deliver all messages that are due, but webhooks, and return the mails that were sent by it."""
    before = len(mail.outbox)
    with platform_context():
        relay(HANDLERS, now=now(), left_out=[WEBHOOK])
    return mail.outbox[before:]


def _plant(slug: str, name: str, *, country: str, currency: str, colour: str) -> None:
    tenant = provision_tenant(
        slug=slug,
        name=name,
        legal_name=f"{name} (Demo)",
        email=f"hello@{slug}.example",
        is_demo=True,
        languages=LANGUAGES[slug],
        default_language="de",
        countries=[country],
        brand_colour=colour,
    )
    with tenant_context(tenant):
        clear_catalogue()
        plant_package(country, currency)
        add_staff(
            email=f"manager@{slug}.example",
            password=PASSWORD,
            first_name="Maja",
            last_name=name,
            language="en",
            group_name=MANAGERS,
        )


def plant_package(country: str, currency: str) -> None:
    """Plant the one package of the tests. Run inside a tenant."""
    package = Package.objects.create(
        slug="wifi-setup",
        name_en="Wi-Fi set-up",
        name_de="WLAN einrichten",
        summary_en="Router connected, Wi-Fi secured.",
        summary_de="Router angeschlossen, WLAN gesichert.",
        included_en="Connecting the router\nA speed test",
        included_de="Router anschliessen\nGeschwindigkeitstest",
        minutes=60,
        skills=["wifi"],
    )
    Price.objects.create(package=package, country=country, currency=currency, amount_minor=4900)
    ask = Question.objects.create
    ask(
        package=package,
        key="provider",
        kind=QuestionKind.CHOICE,
        label_en="How does the internet come in?",
        label_de="Wie kommt das Internet?",
        options_en="Phone line\nCable\nFibre",
        options_de="Telefonleitung\nKabel\nGlasfaser",
        sort_order=0,
    )
    ask(
        package=package,
        key="rooms",
        kind=QuestionKind.NUMBER,
        label_en="How many rooms?",
        label_de="Wie viele Räume?",
        min_value=1,
        max_value=20,
        sort_order=1,
    )
    ask(
        package=package,
        key="problem",
        kind=QuestionKind.TEXT,
        label_en="What should be done?",
        label_de="Was soll gemacht werden?",
        max_length=200,
        sort_order=2,
    )
    ask(
        package=package,
        key="photo",
        kind=QuestionKind.PHOTO,
        label_en="A photo",
        label_de="Ein Foto",
        is_required=False,
        sort_order=3,
    )
