"""Every address with everything of another partner: nothing opens and nothing is touched (R3)."""

import pytest
from django.db import transaction

from catalog.models import Package
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.isolation.attempts import THIEVES, opens_at_home, touched, try_everything

# Attempts of one thief, so that a URL map that was not walked shows.
ENOUGH = {"sued": 1_000, "app": 200}


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


def test_control_at_home_the_same_keys_open_what_they_should(nord: Tenant, clock: object) -> None:
    assert opens_at_home(nord, enough=10) == 10
