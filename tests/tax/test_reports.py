"""Operators report a year to the tax office by the published structure, correct it, and friends read it (R19)."""

from datetime import date
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
import xmlschema
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client, override_settings

from crowd.models import Friend, Pro
from journeys.money.sellers.report_sellers import make_reports
from journeys.tasks import collect_seller_data
from kernel.clock import now
from tax.dpi import whole
from tax.errors import NoOperator, NothingToReport, YearIsNotOver
from tax.kinds import ReportedKind, ReportKind
from tax.models import Report, ReportDownload, Reported, SellerData
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, deliver
from tests.pages import assert_valid_html, press, text_of
from tests.payouts.money import TODAY, earn, with_account
from tests.tax.test_seller_data import DETAILS, said

DESK = "/en/operators/tax/"
NAMES = {"dpi": "urn:oecd:ties:dpi:v1", "stf": "urn:oecd:ties:dpistf:v1"}
SCHEMA = Path(__file__).parent / "schema" / "dpi.xsd"


def valid(content: bytes) -> Element:
    xmlschema.XMLSchema(str(SCHEMA)).validate(content.decode())
    return ElementTree.fromstring(content)  # noqa: S314  # ours


def texts(tree: Element, path: str) -> list[str]:
    return [one.text or "" for one in tree.iterfind(f".//{path}", NAMES)]


def report(year: int = 2025) -> list[tuple[Report, Element]]:
    made = make_reports(year=year, who="Olga", today=TODAY, now=now())
    return [(one, valid(bytes(one.content))) for one in made]


def test_an_operator_makes_the_report_takes_it_and_the_friend_reads_it(
    operator_client: Client,
    friend_client: Client,
    ben: Friend,
) -> None:
    with_account(ben.pk)
    friend_client.post(DETAILS, said())
    earn(ben.pk, on=date(2025, 2, 3))
    earn(ben.pk, on=date(2025, 2, 4))
    earn(ben.pk, on=date(2025, 12, 31))
    earn(ben.pk, on=date(2026, 1, 1))
    deliver()
    desk = press(operator_client, operator_client.get("/en/operators/payouts/"), "Tax")
    assert_valid_html(desk)
    assert "Due by 31 January 2026" in text_of(desk)

    done = press(operator_client, desk, "Make the report for 2025")

    assert "1 report is ready." in text_of(done)
    file = press(operator_client, done, "Download (1 friend)")
    assert file["Content-Disposition"] == 'attachment; filename="dac7-2025-1.xml"'
    tree = valid(file.content)
    assert texts(tree, "dpi:MessageTypeIndic") == ["DPI401"]
    assert texts(tree, "dpi:Consideration/") == ["158", "0", "0", "79"]
    assert texts(tree, "dpi:NumberOfActivities/") == ["2", "0", "0", "1"]
    assert texts(tree, "dpi:Fees/") == ["40", "0", "0", "20"]
    assert texts(tree, "dpi:IndSellerID/dpi:TIN") == ["36574261809"]
    assert texts(tree, "dpi:Identifier") == ["DE89370400440532013000"]
    assert ReportDownload.objects.get().who == "olga@quartett.example"
    [mail] = deliver()
    assert (mail.to, mail.subject) == (["ben@friends.example"], "What we've reported to the tax office for 2025")
    shown = friend_client.get(DETAILS)
    assert_valid_html(shown)
    assert "Reported for 2025" in text_of(shown)
    assert "36574261809" not in text_of(shown).split("Reported for 2025")[1]


def test_what_has_changed_becomes_a_correction_that_names_what_it_corrects(friend_client: Client, ben: Friend) -> None:
    earn(ben.pk, on=date(2025, 5, 4))
    [(_first, new)] = report()
    assert texts(new, "dpi:IndSellerID/dpi:TIN") == ["NOTIN"]
    with pytest.raises(NothingToReport):
        report()

    friend_client.post(DETAILS, said())
    [(second, corrected)] = report()

    assert second.kind == ReportKind.CORRECTIONS
    assert texts(corrected, "dpi:ReportableSeller/dpi:DocSpec/stf:DocTypeIndic") == ["OECD2"]
    assert texts(corrected, "stf:CorrDocRefId") == texts(new, "dpi:ReportableSeller/dpi:DocSpec/stf:DocRefId")
    operators = "dpi:PlatformOperator/dpi:DocSpec/stf:"
    assert texts(new, f"{operators}DocTypeIndic") + texts(corrected, f"{operators}DocTypeIndic") == ["OECD1", "OECD0"]
    assert texts(new, f"{operators}DocRefId") == texts(corrected, f"{operators}DocRefId")
    refs = [texts(one, "dpi:MessageRefId") for one in (new, corrected)]
    assert refs[0] != refs[1]


def test_a_pros_company_is_reported_in_their_place(friend_client: Client, ben: Friend) -> None:
    Pro.objects.create(
        friend=ben, company="Netz & Co", country="DE", vat_id="DE136695976", insured_until=TODAY, asked_at=now()
    )
    company = {"company": "Netz & Co GmbH", "register_number": "HRB 12345"}
    earn(ben.pk, on=date(2025, 5, 4))
    form = friend_client.get(DETAILS)
    refused = press(friend_client, form, "Save my tax details", said(tin="12 34") | company)
    assert "This is not a company's tax number of this country." in text_of(refused)
    missing = press(friend_client, form, "Save my tax details", said(tin="") | company)
    assert "Please enter the tax number of your company." in text_of(missing)

    press(friend_client, refused, "Save my tax details", said(tin="DE136695976-00001") | company)
    [(_report, tree)] = report()

    entity = "dpi:EntitySeller/dpi:Standard/dpi:EntSellerID/dpi:"
    assert [texts(tree, f"{entity}{name}") for name in ("Name", "TIN", "IN", "VAT")] == [
        ["Netz & Co GmbH"],
        ["DE136695976-00001"],
        ["HRB 12345"],
        ["DE136695976"],
    ]
    assert texts(tree, "dpi:IndividualSeller/") == []
    shown = friend_client.get(DETAILS)
    assert_valid_html(shown)
    assert "Netz & Co GmbH" in text_of(shown).split("Reported for 2025")[1]


def test_only_pros_are_asked_for_a_company(friend_client: Client, ben: Friend) -> None:
    friend_client.post(DETAILS, said() | {"company": "Netz GmbH"})

    assert "Number in the commercial register" not in text_of(friend_client.get(DETAILS))
    assert SellerData.objects.get(pk=ben.pk).company == ""
    with pytest.raises(IntegrityError, match="tax_company_has_number"), transaction.atomic():
        SellerData.objects.update(company="Netz GmbH", tin="", birth_town="Linz", birth_country="AT")


def test_new_friends_and_corrections_stand_in_two_messages_and_each_friend_hears_once(
    friend_client: Client, four_near: Cast, ben: Friend
) -> None:
    earn(ben.pk, on=date(2025, 5, 4))
    report()
    deliver()
    friend_client.post(DETAILS, said())
    earn(ben.pk, on=date(2025, 5, 5), currency="PLN")
    earn(four_near["Cem"].pk, on=date(2025, 5, 6))

    made = report()

    assert [one.kind for one, _tree in made] == [ReportKind.NEW, ReportKind.CORRECTIONS]
    assert [one.number for one, _tree in made] == [2, 3]
    assert sorted(mail.to[0] for mail in deliver()) == ["ben@friends.example", "cem@friends.example"]


def test_who_lives_outside_the_union_is_not_reported_and_is_taken_back(four_near: Cast, ben: Friend) -> None:
    Friend.objects.filter(pk=four_near["Cem"].pk).update(country="CH")
    earn(ben.pk, on=date(2025, 5, 4))
    earn(four_near["Cem"].pk, on=date(2025, 5, 4))
    report()
    assert [one.friend_id for one in Reported.objects.all()] == [ben.pk]
    deliver()

    Friend.objects.filter(pk=ben.pk).update(country="CH")
    [(_message, tree)] = report()

    assert texts(tree, "dpi:ReportableSeller/dpi:DocSpec/stf:DocTypeIndic") == [ReportedKind.DELETED]
    assert deliver() == []


def test_no_report_before_the_year_is_over_or_without_an_operator(
    operator_client: Client,
    ben: Friend,
) -> None:
    earn(ben.pk, on=date(2025, 5, 4))
    with pytest.raises(YearIsNotOver):
        report(2026)
    with override_settings(TAX_OPERATOR={}):
        with pytest.raises(NoOperator):
            report()
        told = press(operator_client, operator_client.get(DESK), "Make the report for 2025")
    assert "Please set QUARTETT_TAX_OPERATOR." in text_of(told)
    assert not Report.objects.exists()


@pytest.mark.parametrize(("minor", "units"), [(0, 0), (49, 0), (50, 1), (149, 1), (150, 2), (-150, -2), (-149, -1)])
def test_amounts_are_whole_units(minor: int, units: int) -> None:
    assert whole(minor) == units


def test_the_desk_lists_whose_details_are_missing(operator_client: Client, ben: Friend) -> None:
    earn(ben.pk)
    assert "Every friend who is paid has answered." in text_of(operator_client.get(DESK))
    collect_seller_data()

    desk = operator_client.get(DESK)

    assert_valid_html(desk)
    assert "Ben Muster" in text_of(desk)
    file = press(operator_client, desk, "Download as CSV")
    assert "Ben Muster" in file.content.decode()


def test_nobody_but_operators_reads_reports(
    nord: Tenant, friend_client: Client, manager_client: Client, ben: Friend
) -> None:
    earn(ben.pk, on=date(2025, 5, 4))
    [(made, _tree)] = report()
    path = f"{DESK}reports/{made.pk}/"

    assert friend_client.get(DESK).status_code == 403
    assert friend_client.post(path).status_code == 403
    assert manager_client.get(DESK).status_code == 404
    for model in (Report, Reported, ReportDownload):
        with tenant_context(nord), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            model.objects.exists()
    assert not ReportDownload.objects.exists()
