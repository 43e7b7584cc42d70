"""Two at once: the last second factor stays, a link sets one password; controls show both without the lock (R3)."""

import threading
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from accounts.errors import LinkIsVoid, SecondFactorIsNeeded
from accounts.models import Kind, User
from accounts.selectors import may_lose, second_factors
from accounts.services import choose_password, losing_second_factor
from accounts.tokens import Purpose, holder_of, password_token
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_slug
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race

ROUNDS = 20


@pytest.fixture
def strict_nord(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Tenant]:
    """Let Nord require a second factor, committed, and take away afterwards what was made."""
    with django_db_blocker.unblock():
        tenant = tenant_by_slug("nord")
        tenant.requires_second_factor = True
        tenant.save(update_fields=["requires_second_factor"])
        yield tenant
        with tenant_context(tenant):
            User.objects.filter(email="rita@nord.example").delete()
        tenant.requires_second_factor = False
        tenant.save(update_fields=["requires_second_factor"])
        connection.close()


@pytest.fixture
def rita(strict_nord: Tenant) -> User:
    """Return a manager who has forgotten her password."""
    with tenant_context(strict_nord):
        return User.objects.create_user("rita@nord.example", "forgotten-it", kind=Kind.STAFF)


def give_two(user: User) -> list[Authenticator]:
    """Give somebody an app and a passkey in place of what they had."""
    Authenticator.objects.filter(user=user).delete()
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return [Authenticator.objects.create(user=user, type=kind, data={}) for kind in kinds]


def test_of_two_removals_at_once_one_is_refused(strict_nord: Tenant, rita: User) -> None:
    for _round in range(ROUNDS):
        with tenant_context(strict_nord):
            both = give_two(rita)

        def remove(place: int, both: list[Authenticator] = both) -> bool:
            with tenant_context(strict_nord), losing_second_factor(authenticator=both[place]):
                Authenticator.objects.filter(pk=both[place].pk).delete()
                return True

        results = in_threads(2, remove)

        assert {type(result) for result in results} == {bool, SecondFactorIsNeeded}
        with tenant_context(strict_nord):
            assert second_factors(rita).count() == 1


def test_control_without_the_lock_both_go(strict_nord: Tenant, rita: User) -> None:
    with tenant_context(strict_nord):
        both = give_two(rita)
    both_have_read = threading.Barrier(2)

    def remove_carelessly(place: int) -> bool:
        with tenant_context(strict_nord):
            may = may_lose(both[place])
            both_have_read.wait()
            if may:
                Authenticator.objects.filter(pk=both[place].pk).delete()
            return may

    assert in_threads(2, remove_carelessly) == [True, True]
    with tenant_context(strict_nord):
        assert second_factors(rita).count() == 0


def test_a_link_that_is_used_twice_at_once_sets_one_password(strict_nord: Tenant, rita: User) -> None:
    with tenant_context(strict_nord):
        token = password_token(rita, purpose=Purpose.RESET)

    def choose(place: int) -> int:
        with tenant_context(strict_nord):
            choose_password(token=token, purpose=Purpose.RESET, password=f"password-of-{place}")
        return place

    results = in_threads(4, choose)

    winners = [result for result in results if isinstance(result, int)]
    assert len(winners) == 1
    assert all(isinstance(result, LinkIsVoid) for result in results if not isinstance(result, int))
    with tenant_context(strict_nord):
        assert User.objects.get(pk=rita.pk).check_password(f"password-of-{winners[0]}")


def test_control_without_the_lock_a_link_is_good_for_two(strict_nord: Tenant, rita: User) -> None:
    with tenant_context(strict_nord):
        token = password_token(rita, purpose=Purpose.RESET)
    both_have_read = threading.Barrier(2)

    def choose_carelessly(place: int) -> bool:
        with tenant_context(strict_nord):
            user = holder_of(token, purpose=Purpose.RESET)
            both_have_read.wait()
            user.set_password(f"password-of-{place}")
            user.save(update_fields=["password"])
        return True

    assert in_threads(2, choose_carelessly) == [True, True]
