"""Friend to pro: the figures add up whatever the terms are (R10, R12, R21)."""

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crowd.models import Friend
from dispatch.models import Job
from tenants.models import Tenant
from tests.cast import Cast, book
from tests.journeys.order.escalation.steps import approve, decline, escalate, figures_are_right
from tests.overflow import bring_on_site, fresh, job_of


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    surcharge=st.integers(min_value=0, max_value=50_000),
    diagnosis=st.integers(min_value=0, max_value=10_000),
    commission=st.integers(min_value=0, max_value=10_000),
    says_yes=st.booleans(),
)
def test_whatever_the_terms_are_the_figures_add_up(
    nord: Tenant,
    four_near: Cast,
    pro: Friend,
    surcharge: int,
    diagnosis: int,
    commission: int,
    says_yes: bool,
) -> None:
    with transaction.atomic():
        Tenant.objects.filter(pk=nord.pk).update(
            pro_surcharge_bp=surcharge, diagnosis_bp=diagnosis, commission_bp=commission
        )
        order = book(Tenant.objects.get(pk=nord.pk))
        assert job_of(order).terms.pro_surcharge_bp == surcharge
        bring_on_site(order, four_near["Ben"])
        escalate(order, four_near["Ben"], photos=0)
        asked = fresh(nord, order)

        answered = approve(nord, asked) if says_yes else decline(nord, asked)

        assert figures_are_right(fresh(nord, answered), *Job.objects.filter(order_id=order.uuid))
        expected = asked.escalation.price_after_minor if says_yes else asked.escalation.diagnosis_minor
        assert answered.price_minor == expected
        transaction.set_rollback(True)
