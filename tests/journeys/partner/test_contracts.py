"""What crosses the gate, who sees it, and what happens when a contract or a partner ends (R17, R3)."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from time_machine import Coordinates

from catalog.models import Package, Price
from crowd.models import Friend
from dispatch.models import Crossing, Offer, OverflowContract
from dispatch.overflow.contracts import Agreement, ContractEnded, UnableToMakeContract, change_contract, end_contract
from dispatch.overflow.gate import BRAND, CARRIED
from dispatch.states import OfferState
from journeys.order.deadlines import sweep
from journeys.order.finding.accept_offer import accept_offer
from journeys.partner.leave_platform import ask_to_leave
from journeys.reads.friend_job import job_for_friend
from journeys.reads.offered_brands import offers_for_friend
from kernel.clock import now
from orders.states import OrderState
from outbox.models import Message
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_slug
from tenants.services import change_settings
from tests.cast import ADA, PASSWORD, Cast, book, deliver, register_friend
from tests.overflow import WHO, agree, end_for_all, fresh, job_of, next_wave
from tests.pages import text_of


def test_a_job_waits_for_the_hours_of_a_contract_instead_of_landing_on_the_desk(
    nord: Tenant, clock: Coordinates
) -> None:
    greta = register_friend("Greta", km=2, in_shared_crowd=True)
    end_for_all()
    agree(None, hours_from=8, hours_until=18)
    clock.shift(timedelta(hours=9))

    order = book(nord)

    assert (fresh(nord, order).state, offers_of(greta)) == (OrderState.SEARCHING, 0)
    clock.shift(timedelta(hours=9))
    sweep(now=now())
    assert offers_of(greta) == 0
    clock.shift(timedelta(hours=2))
    sweep(now=now())
    assert offers_of(greta) == 1


def test_a_job_does_not_wait_for_hours_in_which_its_partner_lets_nobody_be_disturbed(nord: Tenant) -> None:
    greta = register_friend("Greta", km=2, in_shared_crowd=True)
    end_for_all()
    agree(None, hours_from=22, hours_until=24)
    change_settings(tenant=nord, who=WHO, now=now(), quiet_from=21, quiet_until=7)
    nord.refresh_from_db()

    order = book(nord)

    assert (fresh(nord, order).state, offers_of(greta)) == (OrderState.UNFILLED, 0)


@pytest.fixture
def greta(nord: Tenant, four_near: Cast) -> Friend:
    """Return a friend of the shared crowd."""
    return register_friend("Greta", km=2, in_shared_crowd=True)


def sign_in(name: str) -> Client:
    """Return a friend, signed in on the platform host."""
    client = Client(headers={"host": "app.localhost"})
    answer = client.post("/en/sign-in/", {"username": f"{name.lower()}@friends.example", "password": PASSWORD})
    assert answer.status_code == 302
    return client


def offers_of(friend: Friend) -> int:
    return Offer.objects.filter(friend=friend).count()


# A word that nothing else on the pages has.
WORD = st.text(alphabet="bcdfghjklmnpqrstvwxz", min_size=9, max_size=14).map(lambda word: f"Q{word}")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=WORD,
    last=WORD,
    street=WORD,
    note=WORD,
    mailbox=WORD,
    phone=st.integers(min_value=1_000_000, max_value=9_999_999),
)
def test_a_friend_of_the_crowd_reads_nothing_of_the_customer_before_acceptance(
    nord: Tenant, greta: Friend, first: str, last: str, street: str, note: str, mailbox: str, phone: int
) -> None:
    customer = {
        "name": f"{first} {last}",
        "email": f"{mailbox.lower()}@customers.example",
        "phone": f"030 {phone}",
        "street": f"{street} 7",
        "note": note,
    }
    secrets = [first, last, street, note, mailbox.lower(), str(phone)]
    with transaction.atomic():
        order = book(nord, contact=customer)
        next_wave(order)
        client, job = sign_in("Greta"), f"/en/jobs/{order.job_id}/"

        pages = [client.get("/en/"), client.get(job), client.get(job, headers={"hx-request": "true"})]
        seen = [page.content.decode() for page in pages]
        seen += [str(mail.message()) + mail.body for mail in deliver() if "greta@" in mail.to[0]]
        assert len(seen) == 4
        told = Message.objects.filter(reference__friend=str(greta.pk))
        seen += [json.dumps(message.reference) for message in told]
        carried = Crossing.objects.get(job=order.job_id).carried
        seen.append(json.dumps({name: getattr(job_of(order), name) for name in carried}))

        found = [secret for text in seen for secret in secrets if secret.lower() in text.lower()]
        assert found == []
        # The control: the same pages tell it to whoever has the job.
        accept_offer(job_id=order.placed_job_id, friend_id=greta.pk, now=now())
        assert first in client.get(job).content.decode()
        transaction.set_rollback(True)


@pytest.mark.parametrize("shows_brand", [True, False])
def test_a_badge_shows_the_brand_only_where_the_contract_says_so(
    nord: Tenant, greta: Friend, shows_brand: bool
) -> None:
    agree(nord, shows_brand=shows_brand)
    order = book(nord)
    next_wave(order)
    client = sign_in("Greta")

    pages = [client.get("/en/").content.decode(), client.get(f"/en/jobs/{order.job_id}/").content.decode()]
    (mail,) = [mail for mail in deliver() if mail.to == ["greta@friends.example"]]

    for text in [*pages, mail.body]:
        assert ("a partner of Quartett" in text) is not shows_brand
        assert ("Nord" in text) is shows_brand
    assert (str(order) in pages[1]) is shows_brand
    assert all(("#d7263d" in page) is shows_brand for page in pages)
    assert Crossing.objects.get().carried == [*CARRIED, *(BRAND if shows_brand else ())]


def test_an_offer_outside_shows_the_figures_of_overflow(nord: Tenant, greta: Friend) -> None:
    agree(nord, commission_bp=2_500)
    order = book(nord)
    next_wave(order)

    page = sign_in("Greta").get(f"/en/jobs/{order.job_id}/").content.decode()

    assert "€36.75" in page
    assert "€12.25" in page
    assert "€49.00" in page


def test_ending_a_contract_stops_new_offers_at_once_and_open_ones_stay_answerable(
    nord: Tenant, greta: Friend, clock: Coordinates
) -> None:
    end_for_all()
    contract = agree(nord, commission_bp=2_500)
    order = book(nord)
    next_wave(order)
    hana = register_friend("Hana", km=3, in_shared_crowd=True)

    end_contract(contract_id=contract.pk, who=WHO, now=now())
    next_wave(order)

    assert offers_of(hana) == 0
    assert Offer.objects.get(friend=greta).state == OfferState.EXPIRED

    second = book(nord)
    next_wave(second)
    assert Offer.objects.filter(job=second.job_id).exclude(community=nord.pk).count() == 0
    with pytest.raises(ContractEnded):
        end_contract(contract_id=contract.pk, who=WHO, now=now())


def test_an_offer_that_was_open_when_the_contract_ended_can_be_accepted(nord: Tenant, greta: Friend) -> None:
    contract = agree(nord, commission_bp=2_500)
    order = book(nord)
    next_wave(order)
    end_contract(contract_id=contract.pk, who=WHO, now=now())

    accept_offer(job_id=order.placed_job_id, friend_id=greta.pk, now=now())

    assert fresh(nord, order).friend_minor == 3675


def test_ending_the_contract_for_all_leaves_that_of_a_pair(nord: Tenant, sued: Tenant, greta: Friend) -> None:
    pair = agree(nord)
    end_for_all()
    order = book(nord)

    next_wave(order)

    assert Crossing.objects.get(job=order.job_id).contract_id == pair.pk
    assert offers_of(greta) == 1


def test_a_change_ends_the_old_contract_and_keeps_it_as_history(nord: Tenant) -> None:
    old = agree(nord, commission_bp=2_000)
    changed = Agreement(tenant_id=nord.pk, commission_bp=3_000, valid_from=now().date())

    new = change_contract(contract_id=old.pk, agreement=changed, who=WHO, now=now())

    old.refresh_from_db()
    assert (old.ended_by, old.commission_bp) == (WHO, 2_000)
    assert (new.ended_at, new.commission_bp) == (None, 3_000)


def test_a_change_that_cannot_hold_leaves_the_old_contract_running(nord: Tenant) -> None:
    old = agree(nord, commission_bp=2_000)
    wrong = Agreement(tenant_id=nord.pk, commission_bp=20_000, valid_from=now().date())

    with pytest.raises(UnableToMakeContract), transaction.atomic():
        change_contract(contract_id=old.pk, agreement=wrong, who=WHO, now=now())

    old.refresh_from_db()
    assert old.ended_at is None


def test_a_job_in_flight_crosses_anew_by_the_changed_contract(nord: Tenant, greta: Friend) -> None:
    old = agree(nord, commission_bp=2_000)
    order = book(nord)
    next_wave(order)
    register_friend("Hana", km=3, in_shared_crowd=True)
    changed = Agreement(tenant_id=nord.pk, commission_bp=3_000, valid_from=now().date())
    change_contract(contract_id=old.pk, agreement=changed, who=WHO, now=now())

    next_wave(order)

    assert list(Crossing.objects.order_by("id").values_list("commission_bp", flat=True)) == [2_000, 3_000]
    assert fresh(nord, order).commission_bp == 3_000


def test_whoever_is_promised_a_split_gets_it_though_the_job_was_offered_elsewhere_since(
    nord: Tenant, greta: Friend, four_near: Cast
) -> None:
    agree(nord, commission_bp=2_500)
    order = book(nord)
    ben = four_near["Ben"]
    # Ben proposes other times, so his offer lives on while the next are asked.
    Offer.objects.filter(job=order.job_id, friend=ben).update(
        state=OfferState.COUNTERED, expires_at=now() + timedelta(days=1)
    )
    next_wave(order)
    assert fresh(nord, order).commission_bp == 2_500
    with platform_context():
        seen = job_for_friend(job_id=order.placed_job_id, friend_id=ben.pk).job
        [card] = offers_for_friend(ben.pk, now=now()).cards
        of_greta = job_for_friend(job_id=order.placed_job_id, friend_id=greta.pk).job
    assert seen.friend_minor == card.offer.job.friend_minor == 4_165
    assert of_greta.friend_minor == job_of(order).friend_minor == 3_675

    accept_offer(job_id=order.placed_job_id, friend_id=ben.pk, now=now())

    assert job_of(order).friend_minor == fresh(nord, order).friend_minor == 4_165


def test_a_partner_who_leaves_ends_its_contracts_in_both_directions(nord: Tenant, sued: Tenant) -> None:
    given, taken = agree(nord, sued.pk), agree(sued, nord.pk)
    others = agree(sued)

    ask_to_leave(tenant=nord, who=WHO, now=now())

    with platform_context():
        running = set(OverflowContract.objects.filter(ended_at=None).values_list("pk", flat=True))
    assert running.isdisjoint({given.pk, taken.pk})
    assert others.pk in running
    with pytest.raises(UnableToMakeContract):
        agree(sued, nord.pk)


def test_managers_read_both_directions_and_never_the_order_of_another(
    nord: Tenant, sued: Tenant, greta: Friend, manager_client: Client
) -> None:
    agree(sued, nord.pk, commission_bp=2_200)
    agree(nord, commission_bp=2_500)
    order = book(nord)
    next_wave(order)

    page = manager_client.get("/admin/reports/overflow/")

    text = text_of(page)
    assert page.status_code == 200
    assert "Süd" in text
    assert str(order) in text
    assert "1 job, done: 0" in text
    assert "12.25" not in text  # nothing is earned before the work is done
    assert ADA["name"] not in text


def test_a_taker_sees_figures_and_no_job(nord: Tenant, sued: Tenant, four_near: Cast, manager_client: Client) -> None:
    agree(sued, nord.pk, commission_bp=2_200)
    with platform_context():
        Tenant.objects.filter(pk=sued.pk).update(countries=["CH", "DE"])
    with tenant_context(sued):
        Price.objects.create(package=Package.objects.get(), country="DE", currency="EUR", amount_minor=4900)
    # Nobody of its own is near, so the first wave is Nord's.
    foreign = book(tenant_by_slug("sued"))
    assert Crossing.objects.get(job=foreign.job_id).community == nord.pk

    text = text_of(manager_client.get("/admin/reports/overflow/"))

    assert str(foreign) not in text
    assert "Süd" in text
    assert "1 job, done: 0" in text
    assert "10.78" not in text  # nothing is earned before the work is done


def test_a_place_that_only_the_crowd_covers_is_not_promised_without_a_contract(
    nord: Tenant, visitor: Client, clock: Coordinates
) -> None:
    register_friend("Greta", km=2, in_shared_crowd=True)
    place = {"country": "DE", "postal_code": "10115"}
    assert visitor.get("/en/packages/wifi-setup/place/", place).status_code == 200

    end_for_all()

    answer = visitor.get("/en/packages/wifi-setup/place/", place)
    assert "We have nobody near this place" in answer.content.decode()
