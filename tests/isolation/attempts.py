"""Every address of one partner, tried with everything that belongs to another one.

Nord is robbed: its rows carry marks that stand nowhere else. The thief has Nord's ids, uuids, tokens, slugs, file
names and cookies, and asks for every address of Süd's host and of the platform's: without a sign-in, with Nord's
session, as Süd's manager, as Süd's superuser, and as a friend of Süd. An attempt succeeds where the answer holds one of
Nord's marks, or where a row of Nord's schema is touched.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern
from wagtail.documents import get_document_model
from wagtail.images.models import Image
from wagtail.models import Page, Revision

from accounts.models import User
from catalog.models import Package
from journeys.links import order_token
from orders.models import Answer, Order
from orders.services.drafts import save_photo
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import ADA, PASSWORD, book, complete_draft, register_friend, sign_in_staff
from tests.databases import ask_as_login, ask_as_owner
from tests.isolation.pictures import picture
from tests.responses import Response, streamed

PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
GROUP = re.compile(r"\((?:\?P<(?P<name>\w+)>)?(?P<regex>(?:[^()]|\([^()]*\))*)\)")
MOST_FILLINGS = 8
# What an argument's name says it is. One of another name is tried with everything of its converter.
NAMED = (
    (re.compile(r"(parent_)?page(_to_move)?_(id|pk)|destination_id"), "page"),
    (re.compile(r"image_id"), "image"),
    (re.compile(r"doc(ument)?_id"), "document"),
    (re.compile(r"revision_id(_[ab])?"), "revision"),
    (re.compile(r"order_uuid"), "order"),
    (re.compile(r"draft_id"), "draft"),
    (re.compile(r"token"), "token"),
)
# Strangers are sent away from the staff's pages before anybody looks at what they ask for: one filling shows it.
STRANGERS = ("stranger", "with Nord's session")
MARK = "Zaunkoenig"
# Who tries on which host.
THIEVES = [
    *(("sued", who) for who in ("stranger", "with Nord's session", "manager", "boss")),
    *(("app", who) for who in ("stranger", "with Nord's session", "friend of Süd")),
]


@dataclass(frozen=True)
class Success:
    """An attempt that should have failed."""

    who: str
    method: str
    path: str
    why: str


@dataclass
class Loot:
    """What the thief knows of Nord, by the kind of argument that it fits."""

    ids: list[int] = field(default_factory=list)
    uuids: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    named: dict[str, list[Any]] = field(default_factory=dict)
    session: str = ""
    marks: list[bytes] = field(default_factory=list)


@dataclass
class Tally:
    """How many rows of Nord's were written so far, how many attempts there were, and those that succeeded."""

    touched: int
    attempts: int = 0
    successes: list[Success] = field(default_factory=list)


def try_everything(nord: Tenant, sued: Tenant, *, host: str, who: str) -> Tally:
    """Make every attempt of one thief on one host. Run it in a transaction that is rolled back."""
    loot = _furnish(nord)
    client = thief(loot, sued, f"{host}.localhost", who)
    before, tally = fingerprint(nord), Tally(touched(nord))
    urlconf = "config.urls_platform" if host == "app" else "config.urls_tenant"
    for path in _paths(urlconf, loot, is_stranger=who in STRANGERS):
        for method in ("GET", "POST"):
            _attempt(tally, loot, nord, who, client, method, path)
    if fingerprint(nord) != before:
        tally.successes.append(Success("somebody", "", "", "the rows of Nord are not what they were"))
    return tally


def opens_at_home(nord: Tenant, *, enough: int) -> int:
    """Return at how many addresses Nord's own manager meets a mark, up to ``enough``: the control."""
    loot = _furnish(nord)
    owner = Client(headers={"host": f"{nord.slug}.localhost"}, raise_request_exception=False)
    owner.cookies["sessionid"] = loot.session
    tally, opened = Tally(touched(nord)), 0
    for path in _paths("config.urls_tenant", loot):
        _attempt(tally, loot, nord, "owner", owner, "GET", path)
        opened = len({one.path for one in tally.successes})
        if opened == enough:
            break
    return opened


def fingerprint(tenant: Tenant) -> str:
    """Return a hash of all rows of a tenant's schema."""
    tables = ask_as_login("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [tenant.schema_name])
    parts = [f"SELECT '{table}' AS t, md5(coalesce(string_agg(r::text, '' ORDER BY r::text), '')) AS h"
             f" FROM \"{table}\" r" for (table,) in tables]  # fmt: skip
    # A parallel plan gives the tables in any order, and moments are written in the session's time zone.
    ask_as_login("SET LOCAL timezone = 'UTC'")
    with tenant_context(tenant), connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(string_agg(h, '' ORDER BY t)) FROM ({' UNION ALL '.join(parts)}) parts")
        return cursor.fetchone()[0]


def touched(tenant: Tenant) -> int:
    """Return how many rows of a tenant this transaction has written, undone ones included."""
    [(written,)] = ask_as_login(
        "SELECT sum(pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)"
        " + pg_stat_get_xact_tuples_deleted(oid)) FROM unnest(%s) oid",
        [_tables(tenant.schema_name)],
    )
    return written


@functools.cache
def _tables(schema_name: str) -> list[int]:
    """Return the tables of a schema by their numbers: no attempt makes one, and the catalog is long."""
    asked = "SELECT oid::integer FROM pg_class WHERE relkind = 'r' AND relnamespace = %s::regnamespace"
    return [oid for (oid,) in ask_as_login(asked, [schema_name])]


def _furnish(nord: Tenant) -> Loot:
    """Fill Nord with marked rows of every kind that has an address, and take down all their keys."""
    loot = Loot(marks=[MARK.encode(), MARK.lower().encode()])
    _number_alike(nord, (Order, Answer, Image, get_document_model(), Revision))
    with platform_context():
        register_friend("Nils", km=1, communities=[nord.pk])
    contact = ADA | {"name": f"Ada {MARK}", "street": f"{MARK}weg 1", "email": f"{MARK}@customers.example".lower()}
    order = book(nord, contact=contact, questions={"provider": "1", "rooms": "3", "problem": f"{MARK} everywhere"})
    with tenant_context(nord):
        draft = complete_draft(contact=contact)
        save_photo(draft=draft, question_key="photo", content=b"\xff\xd8" + MARK.encode())
        answer = Answer.objects.filter(order=order).order_by("pk").first()
        assert answer is not None
        answer.photo.save("photo.jpg", ContentFile(b"\xff\xd8" + MARK.encode()))
        # What stands after a picture's end belongs to no picture, and still goes out with the file.
        image = Image.objects.create(title=MARK, file=ContentFile(picture() + MARK.encode(), "i.png"))
        document = get_document_model().objects.create(title=MARK, file=ContentFile(MARK.encode(), "d.txt"))
        page = Page.objects.get(slug="imprint", locale__language_code="de").specific
        page.title, page.body = f"Page {MARK}", f"<p>{MARK}</p>"
        revision = page.save_revision()
        revision.publish()
        package = Package.objects.get()
        package.name_en = package.name_de = f"Package {MARK}"
        package.save()
        manager = User.objects.get(email="manager@nord.example")
        manager.last_name = MARK
        manager.save()
        # Rows that exist at home only, and rows whose twins exist in every schema.
        assert {order.pk, answer.pk, image.pk, document.pk, revision.pk} == {order.pk}
        loot.ids = sorted({order.pk, page.pk, package.pk, manager.pk, 1})
        loot.uuids = [str(order.uuid), str(order.job_id), str(draft.pk), str(manager.uuid)]
        loot.named = {
            "page": [page.pk, 1], "image": [image.pk], "document": [document.pk], "revision": [revision.pk],
            "order": [str(order.uuid)], "draft": [str(draft.pk)], "token": [order_token(order.uuid), str(order.uuid)],
        }  # fmt: skip
        loot.texts = [order_token(order.uuid), package.slug, image.file.name, document.file.name, "photo", "imprint"]
        loot.marks.append(str(order).encode())
        addresses = [image.file.url.removeprefix("/"), document.url.removeprefix("/")]
    loot.texts += addresses
    owner = Client(headers={"host": f"{nord.slug}.localhost"})
    sign_in_staff(owner, "manager@nord.example")
    loot.session = owner.cookies["sessionid"].value
    return loot


def _number_alike(tenant: Tenant, models: Iterable[type[Model]]) -> None:
    """Let the next row of each kind have the same number, so that one attempt with it tries them all."""
    ask_as_owner(
        "WITH used AS (SELECT pg_get_serial_sequence(name, 'id')::regclass AS sequence FROM unnest(%s) name)"
        " SELECT setval(sequence, (SELECT max(coalesce(pg_sequence_last_value(sequence), 1)) FROM used)) FROM used",
        [[f"{tenant.schema_name}.{model._meta.db_table}" for model in models]],
    )


def thief(loot: Loot, sued: Tenant, host: str, who: str) -> Client:
    """Return who tries, signed in where they have a sign-in; what others have tried at the door is forgotten."""
    cache.clear()
    client = _client(host)
    if who == "with Nord's session":
        client.cookies["sessionid"] = loot.session
    elif who == "friend of Süd":
        with platform_context():
            register_friend("Sina", km=1, communities=[sued.pk])
        client.post("/en/sign-in/", {"username": "sina@friends.example", "password": PASSWORD})
        assert client.get("/en/jobs/").status_code == 200
    elif who in {"manager", "boss"}:
        with tenant_context(sued):
            User.objects.create_superuser("boss@sued.example", PASSWORD)
            manager = User.objects.get(email="manager@sued.example")
            allowed = Permission.objects.filter(content_type__app_label__in=["orders", "catalog"])
            manager.user_permissions.set(allowed)
        sign_in_staff(client, f"{who}@sued.example")
        assert client.get("/admin/").status_code == 200
    return client


def _client(host: str) -> Client:
    return Client(headers={"host": host}, raise_request_exception=False)


def _attempt(tally: Tally, loot: Loot, nord: Tenant, who: str, client: Client, method: str, path: str) -> None:
    """Ask once; what it does at Süd is undone, so that the next one finds everything in its place."""
    tally.attempts += 1
    cookies = client.cookies.output()
    with transaction.atomic():
        answer = client.get(path) if method == "GET" else client.post(path, {"name": "x", "title": "x", "reason": "x"})
        body = _body(answer)
        transaction.set_rollback(True)
    if client.cookies.output() != cookies:
        client.cookies.load(cookies.replace("Set-Cookie: ", "").replace("\r\n", "; "))
    if any(mark in body for mark in loot.marks):
        tally.successes.append(Success(who, method, path, "a mark of Nord's is in the answer"))
    if (now_touched := touched(nord)) != tally.touched:
        tally.touched = now_touched
        tally.successes.append(Success(who, method, path, "a row of Nord's was touched"))


def _body(answer: Response) -> bytes:
    content = streamed(answer) if answer.streaming else answer.content
    return content + repr(sorted(answer.headers.items())).encode()


def _paths(urlconf: str, loot: Loot, *, is_stranger: bool = False) -> list[str]:
    """Return every address of a URL map, filled with Nord's keys, and Nord's own addresses as they are."""
    found = [f"/{address}" for address in loot.texts if "?" in address or address.startswith("documents")]
    for template in _templates(get_resolver(urlconf)):
        slots = list(PARAMETER.finditer(template))
        choices = [_choices(slot["name"], slot["converter"] or "str", loot) for slot in slots]
        most = (
            1
            if is_stranger and template.startswith(("admin/", "en/operators/"))
            else MOST_FILLINGS * max(1, len(slots))
        )
        for values in islice(product(*choices), most):
            remaining = iter(values)
            found.append("/" + PARAMETER.sub(lambda _slot, rest=remaining: str(next(rest)), template))  # type: ignore[misc]
    return sorted(set(found))


def _choices(name: str, converter: str, loot: Loot) -> list[Any]:
    named = next((kind for names, kind in NAMED if names.fullmatch(name)), None)
    if named is not None:
        return loot.named[named]
    kinds: dict[str, list[Any]] = {
        "int": loot.ids,
        "uuid": loot.uuids,
        "step": ["contact", "questions"],
        "slug": [text for text in loot.texts if re.fullmatch(r"[\w-]+", text)],
    }
    # A plain text may be anything.
    return kinds.get(converter) or [*loot.texts, *loot.uuids[:1], loot.ids[-1]]


def _templates(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Walk a URL map; arguments of regular expressions become ``<kind:name>`` too."""
    for entry in resolver.url_patterns:
        pattern = entry.pattern
        part = "en/" if isinstance(pattern, LocalePrefixPattern) else _as_route(pattern)
        if isinstance(entry, URLResolver):
            yield from _templates(entry, before + part)
        elif isinstance(entry, URLPattern):
            yield before + part


def _as_route(pattern: Any) -> str:
    route = str(pattern)
    if not hasattr(pattern, "_regex"):
        return route

    def slot(group: re.Match[str]) -> str:
        return f"<{'int' if 'd+' in group['regex'] else 'str'}:{group['name'] or 'nameless'}>"

    return GROUP.sub(slot, route).strip("^$").replace(r"\.", ".").replace("\\Z", "")
