"""A partner's shop signs a customer up for the newsletter, who confirms as everybody does (R1, R2)."""

import re

from developers.kinds import Scope
from newsletters.models import Consent, Subscriber
from newsletters.states import Source, Step
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, faults_of, problem_of, token_for
from tests.cast import deliver

ADA = "ada@customers.example"
BODY = {"email": ADA, "consent": "Yes, the newsletter please."}
PATH = "newsletter/subscribers"


def test_a_customer_is_signed_up_with_the_words_of_the_shop_and_confirms_by_mail(shop: Shop, nord: Tenant) -> None:
    answer = shop.send(PATH, BODY, once="a", **{"accept-language": "de"})
    again = shop.send(PATH, BODY, once="a", **{"accept-language": "de"})

    assert (answer.status_code, answer.json()) == (202, {"email": ADA})
    assert again.json() == answer.json()
    [mail] = deliver()
    assert "Bitte bestätigen" in mail.subject
    assert re.search(r"/de/newsletter/confirm/", mail.body)
    with tenant_context(nord):
        assert not Subscriber.objects.get().is_on_the_list
        step = Consent.objects.get()
        assert (step.step, step.source, step.words) == (Step.ASKED, Source.API, BODY["consent"])


def test_wrong_bodies_and_keys_are_refused_clearly(shop: Shop, nord: Tenant) -> None:
    faults = faults_of(problem_of(shop.send(PATH, {"email": "ada"}), 422, "fields_not_right"))

    assert {"#/email", "#/consent"} <= set(faults)
    reader = Shop(token_for(nord, Scope.ORDERS_READ))
    problem_of(reader.send(PATH, BODY), 403, "scope_missing")
    with tenant_context(nord):
        assert not Subscriber.objects.exists()
