"""A manager places orders with a table: looked at row by row, then placed, each reference once (R2)."""

import csv
import json
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.models import Package
from dispatch.models import Job
from orders.models import FedOrder, Order
from outbox.models import Message
from tenants.context import platform_context, tenant_context
from tenants.models import Feature, Tenant
from tests.cast import Cast
from tests.pages import html_of
from tests.responses import Response

PAGE = "/admin/import-orders/"
ROW = {
    "reference": "S-1",
    "package": "wifi-setup",
    "country": "de",
    "postal_code": "10115",
    "name": "Ada Lovelace",
    "email": "ada@customers.example",
    "phone": "030 1234567",
    "street": "Invalidenstr. 1",
    "payment_method": "invoice",
    "early_start": "ja",
    "time_1": "2026-11-30 evening",
    "answer:provider": "Kabel",
    "answer:rooms": "3",
    "answer:problem": "Weak signal",
}


def text_file(*rows: dict[str, str], delimiter: str = ";") -> SimpleUploadedFile:
    """Return rows as a CSV file."""
    out = StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("orders.csv", out.getvalue().encode("utf-8-sig"))


def workbook(*lines: list[Any]) -> SimpleUploadedFile:
    """Return lines as a workbook."""
    book, out = openpyxl.Workbook(), BytesIO()
    for line in lines:
        book.worksheets[0].append(line)
    book.save(out)
    return SimpleUploadedFile("orders.xlsx", out.getvalue())


def bent_workbook(change: Callable[[str, bytes], bytes]) -> SimpleUploadedFile:
    """Return a workbook, with other contents of the files that are packed in it."""
    out = BytesIO()
    with ZipFile(workbook(["reference"])) as whole, ZipFile(out, "w") as bent:
        for name in whole.namelist():
            bent.writestr(name, change(name, whole.read(name)))
    return SimpleUploadedFile("orders.xlsx", out.getvalue())


def chart_alone() -> SimpleUploadedFile:
    """Return a workbook without a sheet of cells."""
    book, out = openpyxl.Workbook(), BytesIO()
    book.create_chartsheet()
    book.remove(book.worksheets[0])
    book.save(out)
    return SimpleUploadedFile("orders.xlsx", out.getvalue())


def encrypted(content: bytes) -> bytes:
    """Return a workbook whose files claim to be encrypted."""
    heads = re.sub(rb"(PK\x03\x04..)..", b"\\1\x01\x00", content, flags=re.DOTALL)
    return re.sub(rb"(PK\x01\x02....)..", b"\\1\x01\x00", heads, flags=re.DOTALL)


def torn(content: bytes) -> bytes:
    """Return a workbook whose sheet begins with bytes that cannot be unpacked."""
    with ZipFile(BytesIO(content)) as whole:
        sheet = whole.getinfo("xl/worksheets/sheet1.xml")
    start = sheet.header_offset + 30 + len(sheet.filename)
    return content[:start] + b"\xff" * 20 + content[start + 20 :]


def checked(client: Client, file: SimpleUploadedFile) -> Response:
    """Let a file be looked at."""
    return client.post(PAGE, {"file": file})


def placed(client: Client, page: Response) -> Response:
    """Press the button under what was looked at."""
    [table] = re.findall(r'name="table" value="([^"]+)"', page.content.decode())
    return client.post(f"{PAGE}place/", {"table": unescape(table)})


def orders(nord: Tenant) -> list[Order]:
    """Return the partner's orders."""
    with tenant_context(nord):
        return list(Order.objects.order_by("pk"))


def test_a_table_is_looked_at_first_and_then_placed_once(manager_client: Client, nord: Tenant, four_near: Cast) -> None:
    file = text_file(ROW, ROW | {"reference": "S-2", "answer:provider": "9"})

    page = checked(manager_client, file)

    html = html_of(page)
    assert "Ready to be placed" in html
    assert "<code>answer:provider</code> (L3) Please choose one of the answers." in html
    assert orders(nord) == []
    with platform_context():
        assert not Job.objects.exists()
        assert not Message.objects.exists()
    done = html_of(placed(manager_client, page))
    [order] = orders(nord)
    assert f"Placed as {order.number}" in done
    assert (order.source, order.country, order.language) == ("api", "DE", "de")
    with tenant_context(nord):
        fed = FedOrder.objects.get()
        assert (fed.reference, fed.key_uuid, order.booked_by is None) == ("S-1", None, False)
    assert f"Placed before as {order.number}" in html_of(placed(manager_client, page))
    assert len(orders(nord)) == 1


def test_a_line_that_ends_early_leaves_its_other_cells_empty(
    manager_client: Client, nord: Tenant, four_near: Cast
) -> None:
    whole = text_file(ROW).read().decode()
    page = checked(manager_client, SimpleUploadedFile("orders.csv", f"{whole}S-2;wifi-setup\r\n".encode()))

    assert "<code>country</code> (C3) Please use the two letters" in html_of(page)
    done = html_of(placed(manager_client, page))
    [order] = orders(nord)
    assert f"Placed as {order.number}" in done


def test_a_workbook_is_read_as_people_fill_it(manager_client: Client, nord: Tenant, four_near: Cast) -> None:
    with tenant_context(nord):
        Package.objects.update(product_number="4006381333931")
    row: dict[str, Any] = {name: value for name, value in ROW.items() if name != "package"} | {
        "product_number": 4006381333931
    }
    row |= {"postal_code": 10115.0, "answer:rooms": 3.0}

    placed(manager_client, checked(manager_client, workbook(list(row), list(row.values()), [None] * 3)))

    [order] = orders(nord)
    assert order.postal_code == "10115"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reference": ""}, "<code>reference</code> (A2) Please fill in this field."),
        ({"reference": "x" * 65}, "<code>reference</code> (A2) Please use at most 64 characters."),
        ({"package": "gold"}, "<code>package</code> (B2) We do not know this package."),
        ({"country": "Germany"}, "<code>country</code> (C2) Please use the two letters of the country"),
        ({"postal_code": "99999"}, "<code>postal_code</code> (D2)"),
        ({"email": "ada"}, "<code>email</code> (F2) Please enter an email address"),
        ({"payment_method": "gold"}, "<code>payment_method</code> (I2) Please choose how to pay."),
        ({"early_start": ""}, "<code>early_start</code> (J2) Please have the customer agree"),
        ({"time_1": "tomorrow"}, "<code>time_1</code> (K2) Please write a day and morning"),
        ({"time_1": "2026-11-01 evening"}, "<code>time_1</code> (K2) One of the times has passed."),
        ({"answer:colour": "red"}, "<code>answer:colour</code> (O2) The package has no such question."),
        ({"language": "pl"}, "<code>language</code> (O2)"),
        ({"voucher": "GOLD"}, "<code>voucher</code> (O2)"),
    ],
)
def test_what_is_wrong_stands_beside_its_cell(
    manager_client: Client, nord: Tenant, four_near: Cast, changes: dict[str, str], words: str
) -> None:
    page = checked(manager_client, text_file(ROW | changes, delimiter=","))

    assert words in html_of(page)
    assert 'name="table"' not in page.content.decode()
    assert orders(nord) == []


def test_a_reference_stands_in_a_table_once(manager_client: Client, nord: Tenant, four_near: Cast) -> None:
    assert "Line 2 has the same reference." in html_of(checked(manager_client, text_file(ROW, ROW)))


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("orders.csv", b"\xff\xfe\x00"), "We cannot read this file."),
        (SimpleUploadedFile("orders.xlsx", b"PK\x03\x04 and no more"), "We cannot read this file."),
        (SimpleUploadedFile("orders.csv", b"\n\n"), "We cannot read this file."),
        (text_file({"reference": "S-1", "colour": "red"}), "These columns are missing: country, postal_code"),
        (text_file(ROW | {"colour": "red"}), "These columns are not known: colour."),
        (text_file(*[ROW] * 101), "A file can have at most 100 orders."),
        (SimpleUploadedFile("orders.csv", b"reference\n" + b"S-1\n" * 50_000), "A file can have at most 100 orders."),
        (SimpleUploadedFile("orders.csv", b"x" * 3_000_000), "A file can have at most 100 orders."),
    ],
)
def test_a_file_that_is_no_table_of_orders_is_refused(
    manager_client: Client, nord: Tenant, file: SimpleUploadedFile, words: str
) -> None:
    file.seek(0)
    page = checked(manager_client, file)

    assert page.status_code == 422
    assert words in html_of(page)


@pytest.mark.parametrize(
    "file",
    [
        chart_alone(),
        bent_workbook(lambda name, content: b"<a>" if name.endswith("sheet1.xml") else content),
        bent_workbook(lambda name, content: content[:50] if name.endswith("sheet1.xml") else content),
        bent_workbook(lambda name, content: b"<x/>" if name == "xl/workbook.xml" else content),
        SimpleUploadedFile("orders.xlsx", encrypted(workbook(["reference"]).read())),
        SimpleUploadedFile("orders.xlsx", torn(workbook(["reference"] * 50).read())),
    ],
    ids=["chart", "XML", "XML that ends early", "no book", "encrypted", "torn"],
)
def test_a_workbook_that_is_broken_is_refused(manager_client: Client, nord: Tenant, file: SimpleUploadedFile) -> None:
    file.seek(0)
    page = checked(manager_client, file)

    assert page.status_code == 422
    assert "We cannot read this file." in html_of(page)


def test_a_table_that_was_bent_is_refused(manager_client: Client, nord: Tenant) -> None:
    names = json.dumps(list(ROW))
    bents = ("", "{", "[]", '["x"]', '[["reference", 1]]', '[["reference"]]', "[" * 100_000)
    for bent in (*bents, f'[{names}, ["S-\\u0000"]]', f'[{names}, ["S-\\ud800"]]'):
        assert manager_client.post(f"{PAGE}place/", {"table": bent}).status_code == 422
    assert orders(nord) == []


def test_the_template_has_the_partners_questions_and_is_taken(
    manager_client: Client, nord: Tenant, four_near: Cast
) -> None:
    book = openpyxl.load_workbook(BytesIO(manager_client.get(f"{PAGE}template.xlsx").content))
    names = [cell.value for cell in next(book.worksheets[0].iter_rows())]
    text = manager_client.get(f"{PAGE}template.csv").content.decode().strip().split(",")

    assert names == text
    assert names[-3:] == ["answer:provider", "answer:rooms", "answer:problem"]
    page = checked(manager_client, workbook(names, [ROW.get(name) for name in names]))
    assert "Ready to be placed" in html_of(page)


def test_without_the_feature_nothing_is_placed(manager_client: Client, nord: Tenant, four_near: Cast) -> None:
    with platform_context():
        Tenant.objects.filter(pk=nord.pk).update(features=[Feature.BOOKING])

    assert "We are not taking bookings at the moment." in html_of(checked(manager_client, text_file(ROW)))
    assert PAGE not in manager_client.get("/admin/").content.decode()
