"""Every address with everything of another partner: nothing opens and nothing is touched (R3)."""

import pytest
from django.db import transaction
from django.test import Client

from accounts.attempts import FROM_ADDRESS
from catalog.models import Package
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import is_signed_in, sign_in_staff
from tests.isolation.attempts import THIEVES, Loot, opens_at_home, thief, touched, try_everything

# Attempts of one thief, so that a URL map that was not walked shows.
ENOUGH = {"sued": 400, "app": 200}


@pytest.mark.parametrize(("host", "who"), THIEVES)
def test_no_address_shows_or_touches_anything_of_another_partner(
    nord: Tenant, sued: Tenant, host: str, who: str
) -> None:
    tally = try_everything(nord, sued, host=host, who=who)

    assert tally.successes == []
    assert tally.attempts > ENOUGH[host]


def test_a_row_that_is_touched_and_undone_shows(nord: Tenant, sued: Tenant) -> None:
    before, elsewhere = touched(nord), touched(sued)
    with tenant_context(nord), transaction.atomic():
        Package.objects.update(minutes=61)
        transaction.set_rollback(True)

    assert touched(nord) == before + 1
    assert touched(sued) == elsewhere


def test_a_thief_gets_in_after_others_have_tried_in_vain(sued: Tenant) -> None:
    late = Client(headers={"host": "sued.localhost"})
    for number in range(FROM_ADDRESS.most):
        sign_in_staff(late, f"nobody{number}@sued.example", "wrong")
    sign_in_staff(late, "manager@sued.example")
    assert not is_signed_in(late)

    assert is_signed_in(thief(Loot(), sued, "sued.localhost", "manager"))


def test_control_at_home_the_same_keys_open_what_they_should(nord: Tenant, clock: object) -> None:
    assert opens_at_home(nord, enough=10) == 10
