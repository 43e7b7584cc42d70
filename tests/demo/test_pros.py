"""The demo shows pros of both kinds, and planting it twice changes nothing (R10)."""

from crowd.documents import waiting_documents
from crowd.models import Certificate, Friend, Pro
from crowd.states import Grade
from crowd.vat import clean_vat_id
from demo.pros import VAT_IDS, plant_pros
from kernel.clock import now
from outbox.models import Message
from tenants.models import Tenant
from tests.cast import register_friend


def test_some_are_approved_and_certified_and_one_a_country_waits(nord: Tenant, clock: object) -> None:
    for country, vat_ids in VAT_IDS.items():
        for number in range(len(vat_ids)):
            name = f"{country}{number}"
            register_friend(name, km=1)
            Friend.objects.filter(first_name=name).update(country=country)

    assert plant_pros(now=now()) == 8
    assert plant_pros(now=now()) == 0

    assert Friend.objects.filter(is_pro=True).count() == 6
    assert Certificate.objects.filter(grade=Grade.PRO, valid_until__isnull=False).count() == 6
    assert {check.friend.country for check in waiting_documents()} == {"CH", "DE"}
    assert all(clean_vat_id(pro.vat_id, pro.country) == pro.vat_id for pro in Pro.objects.all())
    assert not Message.objects.exists()
