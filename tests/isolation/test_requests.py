"""Cookies, forms, limits and mails of one host are worth nothing at another (R3, R4)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from catalog.models import Package, Price
from journeys.links import order_token
from kernel.web.limits import Limit
from storefront.catalogue.views import LIMITED_S, PLACES
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver, register_friend

ROOT = Path(__file__).resolve().parents[2]
PLACE = "/en/packages/wifi-setup/place/?country=DE&postal_code=10115"


def test_cookies_belong_to_one_host(manager_client: Client) -> None:
    for cookie in manager_client.cookies.values():
        assert cookie["domain"] == ""


def test_over_https_a_browser_takes_cookies_from_the_host_itself_only() -> None:
    env = os.environ | {"QUARTETT_SCHEME": "https", "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    names = [f"{kind}_COOKIE_{part}" for part in ("NAME", "SECURE", "PATH") for kind in ("SESSION", "CSRF")]
    code = f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {names}]))"
    said = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=True)

    assert json.loads(said.stdout) == ["__Host-sessionid", "__Host-csrftoken", True, True, "/", "/"]


def test_a_form_of_one_host_cannot_be_sent_to_another(nord: Tenant, sued: Tenant) -> None:
    """A browser keeps the two hosts' cookies apart, so the form's token meets no cookie, and the origin is foreign."""
    form = {"login": "manager@sued.example", "password": "wrong"}
    on_nord = Client(enforce_csrf_checks=True, headers={"host": "nord.localhost"})
    on_nord.get("/en/account/sign-in/")
    token = on_nord.cookies["csrftoken"].value
    on_sued = Client(enforce_csrf_checks=True, headers={"host": "sued.localhost"})
    on_sued.get("/en/account/sign-in/")
    own = on_sued.cookies["csrftoken"].value

    foreign_token = on_sued.post("/en/account/sign-in/", form | {"csrfmiddlewaretoken": token})
    foreign_origin = on_sued.post(
        "/en/account/sign-in/", form | {"csrfmiddlewaretoken": own}, headers={"origin": "http://nord.localhost"}
    )
    control = on_sued.post("/en/account/sign-in/", form | {"csrfmiddlewaretoken": own})

    assert [answer.status_code for answer in (foreign_token, foreign_origin, control)] == [403, 403, 422]


def test_a_status_links_token_is_void_at_another_partner(nord: Tenant, four_near: object) -> None:
    order = book(nord)
    with tenant_context(nord):
        token = order_token(order.uuid)
    for action in ("", "confirm/", "cancel/", "rate/", "calendar/"):
        client = Client(headers={"host": "sued.localhost"})
        path = f"/en/orders/{token}/{action}"
        assert client.get(path).status_code in {404, 405}
        assert client.post(path).status_code in {404, 405}


def ask_about_places(tenant: Tenant, *, times: int) -> None:
    """Count questions about places as if so many had been asked from the visitor's address."""
    limit = Limit("place", PLACES, LIMITED_S)
    with tenant_context(tenant):
        for _time in range(times):
            limit.count("127.0.0.1")


def test_the_limit_of_one_tenant_does_not_touch_another(valkey: object, nord: Tenant, sued: Tenant) -> None:
    on_nord, on_sued = (Client(headers={"host": f"{name}.localhost"}) for name in ("nord", "sued"))
    ask_about_places(nord, times=PLACES - 1)
    assert on_nord.get(PLACE).status_code == 200

    refused = on_nord.get(PLACE)

    assert refused.status_code == 429
    assert "Too many attempts. Please wait a few minutes" in refused.content.decode()
    assert on_sued.get(PLACE).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Zu viele Versuche"), ("en", "Too many attempts")],
)
def test_the_limit_says_so_in_the_visitors_language(
    valkey: object, nord: Tenant, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    client = Client(headers={"host": "nord.localhost"})
    path = PLACE.replace("/en/", f"/{language}/")
    ask_about_places(nord, times=PLACES)

    assert words in client.get(path).content.decode()


def test_mails_of_two_tenants_in_one_process_keep_their_senders(nord: Tenant, sued: Tenant, four_near: Cast) -> None:
    Tenant.objects.filter(pk=sued.pk).update(countries=["DE"])
    sued.refresh_from_db()
    with tenant_context(sued):
        Price.objects.create(package=Package.objects.get(), country="DE", currency="EUR", amount_minor=4900)
    register_friend("Zoe", km=1, communities=[sued.pk])
    for tenant in (nord, sued, nord):
        book(tenant)

    to_customer = [one for one in deliver() if one.to == ["ada@customers.example"]]

    assert [(one.from_email.split(" <")[0].strip('"'), one.reply_to) for one in to_customer] == [
        ("Nord", ["hello@nord.example"]),
        ("=?utf-8?q?S=C3=BCd?=", ["hello@sued.example"]),
        ("Nord", ["hello@nord.example"]),
    ]
