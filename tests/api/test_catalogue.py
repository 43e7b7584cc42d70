"""A partner's system reads what it can order, where, and for how much."""

import jsonschema
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Package
from catalog.starter import clear_catalogue, plant_packages
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, faults_of, order_body, problem_of
from tests.cast import Cast


def test_packages_come_with_prices_in_the_asked_language(shop: Shop) -> None:
    german = shop.client.get("/api/v1/packages", headers={"accept-language": "de"}).json()["results"]

    assert [(package["slug"], package["name"]) for package in german] == [("wifi-setup", "WLAN einrichten")]
    assert german[0]["prices"] == [{"amount_minor": 4900, "currency": "EUR", "country": "DE"}]
    assert german[0]["included"] == ["Router anschliessen", "Geschwindigkeitstest"] or german[0]["included"] == [
        "Router anschließen",
        "Geschwindigkeitstest",
    ]


def test_the_questions_are_json_schema_that_right_answers_pass(shop: Shop) -> None:
    package = shop.get("packages/wifi-setup").json()

    jsonschema.Draft202012Validator.check_schema(package["questions"])
    jsonschema.validate(order_body()["answers"], package["questions"])
    for wrong in ({"provider": "9", "rooms": 3, "problem": "x"}, {"provider": "1", "rooms": 0, "problem": "x"}, {}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, package["questions"])
    assert package["needs_photo"] is False


def test_a_package_that_is_closed_is_not_there(shop: Shop, nord: Tenant) -> None:
    with tenant_context(nord):
        Package.objects.update(is_open=False)

    assert shop.get("packages").json()["results"] == []
    problem_of(shop.get("packages/wifi-setup"), 404, "not_found")


def test_coverage_says_how_soon_somebody_comes(shop: Shop, four_near: Cast) -> None:
    covered = shop.get("coverage", package="wifi-setup", country="DE", postal_code="10115").json()
    far = shop.get("coverage", package="wifi-setup", country="DE", postal_code="80331").json()

    assert (covered["is_covered"], covered["town"], covered["reason"]) == (True, "Berlin", None)
    assert len(covered["first_times"]) == 12
    assert covered["first_free_on"] <= covered["first_times"][0]["day"]
    assert (far["is_covered"], far["reason"], far["first_times"]) == (False, "not_covered", [])
    problem_of(
        shop.get("coverage", package="wifi-setup", country="DE", postal_code="99999"), 422, "unknown_postal_code"
    )
    assert "#/postal_code" in faults_of(
        problem_of(shop.get("coverage", package="wifi-setup", country="DE"), 422, "fields_not_right")
    )


def test_a_quote_says_who_gets_what(shop: Shop) -> None:
    quote = shop.get("quotes", package="wifi-setup", country="DE").json()

    assert quote["price"] == {"amount_minor": 4900, "currency": "EUR"}
    assert quote["price"]["amount_minor"] == quote["friend"]["amount_minor"] + quote["commission"]["amount_minor"]
    assert {"invoice", "cash"} <= {method["code"] for method in quote["payment_methods"]}
    problem_of(shop.get("quotes", package="wifi-setup", country="CH"), 422, "country_not_served")


def test_a_list_of_packages_takes_as_many_queries_as_one(shop: Shop, nord: Tenant) -> None:
    shop.get("packages")
    with CaptureQueriesContext(connection) as for_one:
        assert len(shop.get("packages").json()["results"]) == 1
    with tenant_context(nord):
        clear_catalogue()
        plant_packages()
        Package.objects.update(is_open=True)
    shop.get("packages")

    with CaptureQueriesContext(connection) as for_all:
        assert len(shop.get("packages").json()["results"]) == 6

    assert len(for_all) == len(for_one)
