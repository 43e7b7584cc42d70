"""Bills as their readers see them: the words of five languages, the codes that banks scan, one page of PDF/A."""

from collections.abc import Callable, Iterator
from unittest import mock

import pypdfium2
import pytest
from weasyprint.urls import FatalURLFetchingError

from billing.drawing import draw
from billing.kinds import BillKind
from billing.models import Bill
from kernel.files import pdf as papers
from kernel.files.pdf import UnableToDraw
from kernel.files.typesetting import OnlyData
from tests.billing.papers import bill_in, brand, codes_of, metadata_of, text_of
from tests.billing.sellers import IBANS, QR_IBAN

Draw = Callable[[Bill], bytes]


@pytest.fixture
def drawn() -> Iterator[Draw]:
    """Return what draws a bill for the brand Nord."""
    with mock.patch("billing.drawing.current_tenant") as tenant:

        def drawing(bill: Bill) -> bytes:
            tenant.return_value = brand(bill.country)
            return draw(bill)

        yield drawing


@pytest.mark.parametrize(
    ("country", "language", "words"),
    [
        (
            "CH",
            "de",
            [
                "Rechnung",
                "Nummer NORD-CH",
                "Zahlbar bis",
                "24. Dezember 2026",
                "MwSt. 8,1 %",
                "CHF 149.00",
                "MWST-Nummer",
            ],
        ),
        ("CH", "fr", ["Facture", "Payable avant le", "24 décembre 2026", "TVA 8,1 %", "Section paiement"]),
        ("CH", "it", ["Fattura", "Da pagare entro", "24 dicembre 2026", "IVA 8,1 %", "Sezione pagamento"]),
        ("DE", "de", ["Rechnung", "Bitte bezahlen Sie bis zum 24. Dezember 2026", "149,00 €", "USt-IdNr. DE136695976"]),
        ("AT", "en", ["Invoice", "Please pay by 24 December 2026", "€149.00", "VAT 20%"]),
        (
            "PL",
            "pl",
            ["Faktura", "Numer NORD-PL", "Termin płatności", "24 grudnia 2026", "149,00 zł", "Żaneta Świątek-Łęcka"],
        ),
    ],
)
def test_an_invoice_speaks_its_customers_language(drawn: Draw, country: str, language: str, words: list[str]) -> None:
    text = text_of(drawn(bill_in(country, language))).replace("\N{NO-BREAK SPACE}", " ")

    assert [word for word in words if word not in text] == [], text


def test_a_swiss_invoice_is_paid_by_its_qr_bill(drawn: Draw) -> None:
    bill = bill_in("CH", "de", iban=QR_IBAN)

    (code,) = codes_of(drawn(bill))

    lines = code.splitlines()
    assert lines[:4] == ["SPC", "0200", "1", QR_IBAN]
    assert lines[4:11] == ["S", "Süd Technik AG", "Bahnhofstrasse", "12a", "8001", "Zürich", "CH"]
    assert lines[18:20] == ["149.00", "CHF"]
    assert lines[20:27] == ["S", "Zoé Müller-Łukasz", "Rue du Lac", "5", "1003", "Lausanne", "CH"]
    assert lines[27:31] == ["QRR", bill.reference, "NORD-CH-2026-00017", "EPD"]
    assert len(bill.reference) == 27


def test_an_ordinary_swiss_account_has_a_creditor_reference(drawn: Draw) -> None:
    (code,) = codes_of(drawn(bill_in("CH", "fr")))

    assert code.splitlines()[3] == IBANS["CH"]
    assert code.splitlines()[27] == "SCOR"
    assert code.splitlines()[28].startswith("RF")


@pytest.mark.parametrize("country", ["DE", "AT"])
def test_an_invoice_in_euro_has_the_code_of_the_euro_area(drawn: Draw, country: str) -> None:
    bill = bill_in(country, "de")

    (code,) = codes_of(drawn(bill))

    lines = code.splitlines()
    assert (lines[0], lines[3]) == ("BCD", "SCT")
    assert lines[5:8] == [bill.seller["name"], IBANS[country], "EUR149"]
    assert bill.reference in lines


def test_an_invoice_in_zloty_names_the_account(drawn: Draw) -> None:
    bill = bill_in("PL", "pl")
    pdf = drawn(bill)

    assert codes_of(pdf) == []
    assert "PL61 1090 1014 0000 0712 1981 2874" in text_of(pdf)


@pytest.mark.parametrize("kind", [BillKind.RECEIPT, BillKind.CREDIT_NOTE])
def test_nothing_asks_for_money_that_is_not_owed(drawn: Draw, kind: BillKind) -> None:
    pdf = drawn(bill_in("DE", "en", kind=kind))

    assert codes_of(pdf) == []
    assert "IBAN" not in text_of(pdf)


def test_papers_of_a_card_payment_name_the_card(drawn: Draw) -> None:
    receipt = drawn(bill_in("PL", "pl", kind=BillKind.RECEIPT, method="card"))
    credit_note = drawn(bill_in("DE", "de", kind=BillKind.CREDIT_NOTE, method="card"))

    assert "Zapłacono kartą 24 listopada 2026. Dziękujemy!" in text_of(receipt)
    assert "Sie erhalten ihn so zurück, wie Sie bezahlt haben." in text_of(credit_note)


def test_a_credit_note_names_the_bill_that_it_cancels(drawn: Draw) -> None:
    assert "Cancels NORD-DE-2026-00016 of 24 November 2026." in text_of(drawn(bill_in("DE", kind="credit_note")))


@pytest.mark.parametrize(
    ("country", "why"),
    [("CH", "art. 10 (2)"), ("DE", "section 19"), ("AT", "section 6 (1) no. 27"), ("PL", "art. 113")],
)
def test_a_small_business_says_why_there_is_no_vat(drawn: Draw, country: str, why: str) -> None:
    text = text_of(drawn(bill_in(country, "en", is_small_business=True)))

    assert why in text
    assert "Net" not in text


def test_a_company_is_named_and_owes_the_vat_itself_in_another_country(drawn: Draw) -> None:
    company = {"company": "Öttl & Söhne KG", "vat_id": "ATU13585627", "leitweg_id": ""}

    text = text_of(drawn(bill_in("DE", "de", company=company)))

    words = [
        "Öttl & Söhne KG",
        "Jürgen Groß",
        "Ihre USt-IdNr. ATU13585627",
        "Steuerschuldnerschaft des Leistungsempfängers",
    ]
    assert [word for word in [*words, "149,00 €"] if word not in text] == [], text
    assert "USt. 19" not in text


def test_the_payer_of_a_qr_bill_is_the_company(drawn: Draw) -> None:
    company = {"company": "Lac Bleu SA", "vat_id": "CHE116281710", "leitweg_id": ""}

    (code,) = codes_of(drawn(bill_in("CH", "fr", company=company)))

    assert code.splitlines()[21] == "Lac Bleu SA"


def test_a_seller_without_an_account_says_whom_to_ask(drawn: Draw) -> None:
    pdf = drawn(bill_in("CH", "en", iban=""))

    assert codes_of(pdf) == []
    assert "ask for the bank details at hello@nord.example" in text_of(pdf)


@pytest.mark.parametrize("country", ["CH", "DE", "PL"])
def test_it_is_one_page_of_pdf_a_for_archives(drawn: Draw, country: str) -> None:
    pdf = drawn(bill_in(country))

    assert len(pypdfium2.PdfDocument(pdf)) == 1
    assert 'pdfaid:part="3" pdfaid:conformance="B"' in metadata_of(pdf)


def test_what_customers_type_is_text_and_loads_nothing(drawn: Draw) -> None:
    bill = bill_in("DE")
    bill.buyer["name"] = '<img src="http://169.254.169.254/">'

    assert '<img src="http:' in text_of(drawn(bill))
    with pytest.raises(FatalURLFetchingError):
        OnlyData().fetch("file:///etc/passwd")


def test_a_machine_without_pango_says_what_to_install() -> None:
    papers._typesetting.cache_clear()
    lacks = mock.patch("kernel.files.pdf.import_module", side_effect=OSError("cannot load library"))
    with lacks, pytest.raises(UnableToDraw, match="apt-get install libpango"):
        papers.render("billing/bill.html", {}, identifier=b"")
    papers._typesetting.cache_clear()
