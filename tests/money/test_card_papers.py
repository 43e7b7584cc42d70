"""What a customer who has paid by card gets on paper: a receipt for the work, a credit note for a refund."""

from crowd.models import Friend
from journeys.order.working.not_done import say_not_done, settle_objection
from kernel.clock import now
from orders.states import ObjectionOutcome
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.billing.papers import text_of
from tests.billing.sellers import name_sellers
from tests.billing.test_bills import papers_of, pdfs
from tests.cast import deliver
from tests.money.stripe import Stripe
from tests.money.test_card_endings import Asked, ada, asked, paid_by_card, sent_back
from tests.ratings import finish

__all__ = ["ada", "asked"]

Cast = dict[str, Friend]


def test_work_that_was_paid_by_card_gets_its_receipt_when_it_is_done(
    nord: Tenant, four_near: Cast, stripe: Stripe
) -> None:
    name_sellers(nord)
    order = paid_by_card(nord, stripe)
    assert pdfs(deliver()) == []

    finish(order, four_near["Ben"], is_paid=False)

    ((name, content),) = pdfs(deliver())
    assert name == "NORD-DE-2026-00001.pdf"
    assert "Paid by card on 24 November 2026. Thank you!" in text_of(content)
    assert papers_of(nord, order) == [("receipt", "NORD-DE-2026-00001", 4900)]


def test_a_refund_goes_back_to_the_card_and_takes_the_receipt_back(
    nord: Tenant, four_near: Cast, stripe: Stripe
) -> None:
    name_sellers(nord)
    order = finish(paid_by_card(nord, stripe), four_near["Ben"], is_paid=False)
    deliver()

    with tenant_context(nord):
        say_not_done(order=order, tenant_id=nord.pk, words="It still drops out.", now=now())
        settle_objection(
            order=order,
            tenant_id=nord.pk,
            outcome=ObjectionOutcome.REFUND,
            words="You are right.",
            who="Maja",
            now=now(),
        )

    assert sent_back(order) == order.price_minor
    mails = deliver()
    settled = next(mail for mail in mails if mail.subject == f"About your order {order.number}")
    assert "We are refunding €49.00 the way you paid." in settled.body
    assert papers_of(nord, order)[1:] == [("credit_note", "NORD-DE-2026-00002", 4900)]
    text = text_of(pdfs(mails)[-1][1])
    assert "Cancels NORD-DE-2026-00001" in text
    assert "You get it back the way you paid." in text


def test_a_diagnosis_that_was_paid_by_card_gets_its_receipt_when_the_customer_says_no(nord: Tenant, ada: Asked) -> None:
    name_sellers(nord)

    ada.press("No, thank you")

    ((_name, content),) = pdfs(deliver())
    assert "Diagnosis: Wi-Fi set-up" in text_of(content)
    assert papers_of(nord, ada.order) == [("receipt", "NORD-DE-2026-00001", 2083)]
