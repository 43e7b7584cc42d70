"""Each demo brand has sent one newsletter in all its languages, to nobody who exists (R1)."""

from django.core import mail

from catalog.starter import plant_package
from demo.data import load
from demo.newsletters import READERS, plant_newsletters
from kernel.clock import now
from newsletters.models import Issue
from newsletters.selectors import report_of
from newsletters.states import IssueState
from tenants.context import tenant_context
from tenants.models import Tenant


def test_every_brand_has_words_in_its_languages_about_packages_of_its_own() -> None:
    written = load("newsletters")

    for slug, brand in load("brands").items():
        assert set(brand["languages"]) <= set(written[slug])
        assert set(written[slug]["packages"]) <= set(brand["packages"])


def test_a_brand_has_sent_one_and_gets_no_second(nord: Tenant) -> None:
    nord.slug = "volthaus"
    with tenant_context(nord):
        for place, slug in enumerate(load("newsletters")["volthaus"]["packages"]):
            plant_package(slug=slug, sort_order=place, countries=nord.countries, languages=nord.languages, is_open=True)

    assert plant_newsletters([nord], now=now()) == 1
    assert plant_newsletters([nord], now=now()) == 0

    with tenant_context(nord):
        issue = Issue.objects.get()
        assert issue.state == IssueState.SENT
        assert set(issue.contents.values_list("language", flat=True)) == {"de", "en"}
        report = report_of(issue)
        assert (report.sent, report.unsubscribed) == (READERS, 1)
    assert mail.outbox == []
