"""Every address with everything of another partner: nothing opens and nothing is touched (R3, issue 3.3)."""

from tenants.models import Tenant
from tests.isolation.attempts import opens_at_home, try_everything


def test_no_address_shows_or_touches_anything_of_another_partner(nord: Tenant, sued: Tenant, clock: object) -> None:
    tally = try_everything(nord, sued)

    assert tally.successes == []
    assert tally.attempts > 2000


def test_control_at_home_the_same_keys_open_what_they_should(nord: Tenant, clock: object) -> None:
    assert opens_at_home(nord) > 10
