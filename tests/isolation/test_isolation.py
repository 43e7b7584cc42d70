"""A partner's things are nobody else's (R1, R2): every address, every stranger, and the same ids in two schemas."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.test import Client

from journeys.links import order_token
from orders.models import Order
from tenants.context import current_tenant, platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import PASSWORD, Cast, book, sign_in_staff


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order at Nord."""
    return book(nord)


def test_an_order_lives_in_its_partners_schema_only(order: Order, nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        assert Order.objects.filter(uuid=order.uuid).exists()
    with tenant_context(sued):
        assert not Order.objects.exists()


def test_the_status_link_opens_at_its_partner_and_nowhere_else(order: Order, nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        path = f"/en/orders/{order_token(order.uuid)}/"

    assert Client(headers={"host": "nord.localhost"}).get(path).status_code == 200
    for host in ("sued.localhost", "app.localhost"):
        assert Client(headers={"host": host}).get(path).status_code == 404


def test_a_manager_signs_in_on_the_own_host_only(nord: Tenant, sued: Tenant) -> None:
    client = Client(headers={"host": "sued.localhost"})

    answer = sign_in_staff(client, "manager@nord.example")

    assert answer.status_code == 422
    assert client.get("/admin/").status_code == 302


def test_a_session_of_one_partner_is_worth_nothing_at_another(manager_client: Client, sued: Tenant) -> None:
    assert manager_client.get("/admin/").status_code == 200
    session = manager_client.cookies["sessionid"].value
    for host in ("sued.localhost", "app.localhost"):
        stranger = Client(headers={"host": host})
        stranger.cookies["sessionid"] = session
        assert stranger.get("/admin/").status_code in {302, 404}


def test_a_session_row_copied_into_another_schema_is_refused(
    manager_client: Client, nord: Tenant, sued: Tenant
) -> None:
    key = manager_client.cookies["sessionid"].value
    with tenant_context(nord):
        row = Session.objects.get(session_key=key)
    with tenant_context(sued):
        Session.objects.create(session_key=key, session_data=row.session_data, expire_date=row.expire_date)
    stranger = Client(headers={"host": "sued.localhost"})
    stranger.cookies["sessionid"] = key

    assert stranger.get("/admin/").status_code == 302


def test_a_friend_cannot_enter_the_admin_and_a_manager_not_the_friends_app(friend_client: Client, nord: Tenant) -> None:
    on_nord = Client(headers={"host": "nord.localhost"})
    assert sign_in_staff(on_nord, "ben@friends.example").status_code == 422
    assert friend_client.get("/admin/").status_code == 404

    on_app = Client(headers={"host": "app.localhost"})
    assert on_app.post("/en/sign-in/", {"username": "manager@nord.example", "password": PASSWORD}).status_code == 422


def test_an_unknown_host_is_not_found(nord: Tenant) -> None:
    assert Client(headers={"host": "nobody.localhost"}).get("/en/").status_code == 404


def test_content_types_of_two_schemas_do_not_mix(nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        ids_in_nord = ContentType.objects.get_for_model(Order).pk
        assert ContentType.objects.get(pk=ids_in_nord).model == "order"
    with tenant_context(sued):
        ids_in_sued = ContentType.objects.get_for_model(Order).pk
        assert ContentType.objects.get(pk=ids_in_sued).model == "order"


def test_a_failing_request_leaves_the_connection_on_the_platform(visitor: Client, nord: Tenant) -> None:
    visitor.get("/en/packages/nothing/")

    assert current_tenant() is None


def test_contexts_nest(nord: Tenant, sued: Tenant) -> None:
    with tenant_context(nord):
        with tenant_context(sued):
            assert current_tenant() == sued
            with platform_context():
                assert current_tenant() is None
        assert current_tenant() == nord
