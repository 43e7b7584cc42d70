"""Two tenants driven at random in one process and in threads: whatever is seen belongs to whom it is asked of (R3).

Hypothesis chooses the steps; a failure prints the shortest way to it. Rows are written inside the test's transaction,
so the threads, which have connections of their own, look at what is committed: users, cache, files, the log's name.
"""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

import pytest
from celery import Celery
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from wagtail.models import Page

from accounts.models import User
from catalog.models import Package, Price
from journeys.links import order_token
from orders.models import Order
from tenants.context import in_this_schema, platform_context, tenant_context
from tenants.isolation.names import role_for
from tenants.isolation.tasks_base import SchemaTask, TenantTask
from tenants.models import Tenant
from tenants.selectors import tenant_by_slug
from tests.cast import ADA, book, deliver, register_friend, sign_in_staff
from tests.isolation.conftest import in_thread
from tests.responses import streamed

SLUGS = st.sampled_from(["nord", "sued"])
WORDS = st.text("abcdefgh", min_size=1, max_size=6)
# Few of them, so that both tenants use the same ones.
NAMES = st.sampled_from(["one", "two"])
EXAMPLES, STEPS = 40, 20

seen_by_task: list[Any] = []
app = Celery("interleaved", broker="memory://", set_as_current=False, task_cls=SchemaTask)


@app.task(base=TenantTask, name="interleaved.look")
def look(**kwargs: Any) -> None:
    """Note whose users are there."""
    seen_by_task.append(staff())


def staff() -> list[str]:
    return list(User.objects.filter(kind="staff").values_list("email", flat=True))


class Interleaved(RuleBasedStateMachine):
    """Both tenants, and what each of them should know."""

    # How often everything was found to hold, over all examples.
    held: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.tenants = {slug: tenant_by_slug(slug) for slug in ("nord", "sued")}
        self.orders: dict[str, dict[UUID, str]] = {"nord": {}, "sued": {}}
        self.titles: dict[str, str] = {}
        self.cached: dict[tuple[str, str], str] = {}
        self.files: dict[tuple[str, str], bytes] = {}
        self.clients = {slug: Client(headers={"host": f"{slug}.localhost"}) for slug in self.tenants}
        cache.clear()

    @initialize()
    def open_both_in_germany(self) -> None:
        """Let one customer be served by both."""
        sued = self.tenants["sued"]
        Tenant.objects.filter(pk=sued.pk).update(countries=["DE"])
        sued.refresh_from_db()
        with tenant_context(sued):
            Price.objects.create(package=Package.objects.get(), country="DE", currency="EUR", amount_minor=4900)
        for slug, tenant in self.tenants.items():
            register_friend(f"Friend{slug}", km=1, communities=[tenant.pk], max_open_jobs=99)
            with tenant_context(tenant):
                self.titles[slug] = Page.objects.get(slug="imprint", locale__language_code="de").title

    @rule(slug=SLUGS)
    def book(self, slug: str) -> None:
        order = book(self.tenants[slug], contact=ADA | {"name": f"Ada at {slug}"})
        self.orders[slug][order.uuid] = str(order)

    @rule(slug=SLUGS, asked_at=SLUGS)
    def read_status(self, slug: str, asked_at: str) -> None:
        for uuid, number in self.orders[slug].items():
            with tenant_context(self.tenants[slug]):
                path = f"/en/orders/{order_token(uuid)}/"
            answer = self.clients[asked_at].get(path)
            assert answer.status_code == (200 if slug == asked_at else 404)
            assert (number in answer.content.decode()) is (slug == asked_at)

    @rule(slug=SLUGS, asked_at=SLUGS)
    def sign_in_as_manager(self, slug: str, asked_at: str) -> None:
        client = Client(headers={"host": f"{asked_at}.localhost"})
        sign_in_staff(client, f"manager@{slug}.example")
        assert client.get("/admin/reports/locked/").status_code == 302
        assert (client.get("/admin/").status_code == 200) is (slug == asked_at)

    @rule(slug=SLUGS, word=WORDS)
    def edit_page(self, slug: str, word: str) -> None:
        with tenant_context(self.tenants[slug]):
            page = Page.objects.get(slug="imprint", locale__language_code="de")
            page.title = self.titles[slug] = f"{word} of {slug}"
            page.save()

    @rule(slug=SLUGS)
    def read_page(self, slug: str) -> None:
        assert self.titles[slug] in self.clients[slug].get("/de/imprint/").content.decode()

    @rule(slug=SLUGS, key=NAMES, value=WORDS)
    def keep(self, slug: str, key: str, value: str) -> None:
        with tenant_context(self.tenants[slug]):
            cache.set(key, value)
        self.cached[slug, key] = value

    @rule(slug=SLUGS, key=NAMES, is_in_thread=st.booleans())
    def recall(self, slug: str, key: str, is_in_thread: bool) -> None:
        with tenant_context(self.tenants[slug]):
            found = self._do(lambda: cache.get(key), is_in_thread)
        assert found == self.cached.get((slug, key))

    @rule(slug=SLUGS, name=NAMES, content=WORDS)
    def upload(self, slug: str, name: str, content: str) -> None:
        path = f"images/interleaved-{name}.txt"
        with tenant_context(self.tenants[slug]):
            default_storage.delete(path)
            default_storage.save(path, ContentFile(content.encode()))
        self.files[slug, path] = content.encode()

    @rule(asked_at=SLUGS)
    def show_files(self, asked_at: str) -> None:
        for (slug, path), content in self.files.items():
            with tenant_context(self.tenants[slug]):
                answer = self.clients[asked_at].get(default_storage.url(path))
            assert answer.status_code == (200 if slug == asked_at else 404)
            if slug == asked_at:
                assert streamed(answer) == content

    @rule()
    def send_mails(self) -> None:
        for sent in deliver():
            if sent.to == [ADA["email"]]:
                slug = next(
                    slug for slug, orders in self.orders.items() if any(n in sent.subject for n in orders.values())
                )
                assert sent.reply_to == [f"hello@{slug}.example"]

    @rule(slug=SLUGS)
    def run_task(self, slug: str) -> None:
        seen_by_task.clear()
        with tenant_context(self.tenants[slug]):
            look.apply(throw=True)
        assert seen_by_task == [[f"manager@{slug}.example"]]

    @rule(slug=SLUGS, is_in_thread=st.booleans())
    def see_only_own_rows(self, slug: str, is_in_thread: bool) -> None:
        with tenant_context(self.tenants[slug]):
            assert self._do(staff, is_in_thread) == [f"manager@{slug}.example"]
            assert set(Order.objects.values_list("uuid", flat=True)) == set(self.orders[slug])

    @rule(outer=SLUGS, inner=SLUGS)
    def nest(self, outer: str, inner: str) -> None:
        with tenant_context(self.tenants[outer]):
            with tenant_context(self.tenants[inner]):
                assert staff() == [f"manager@{inner}.example"]
                with platform_context():
                    assert staff() == []
            assert staff() == [f"manager@{outer}.example"]

    @rule(slug=SLUGS, other=SLUGS, has_savepoint=st.booleans())
    def fail_inside(self, slug: str, other: str, has_savepoint: bool) -> None:
        """Raise two contexts deep, with the transaction inside or outside of them."""

        def fail() -> None:
            with tenant_context(self.tenants[other]), transaction.atomic(savepoint=has_savepoint or slug != other):
                User.objects.create_user(f"lost@{other}.example", "a long password")
                raise ZeroDivisionError

        with tenant_context(self.tenants[slug]):
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                fail()
            assert staff() == [f"manager@{slug}.example"]

    @rule(
        slug=SLUGS,
        statement=st.sampled_from(["SELECT 1/0", "SELECT 1 FROM nothing", "SELECT 1 FROM public.accounts_user"]),
    )
    def fail_in_the_database(self, slug: str, statement: str) -> None:
        with tenant_context(self.tenants[slug]):
            with pytest.raises(Exception, match=r"division|does not exist|denied"), transaction.atomic():
                connection.cursor().execute(statement)
            assert staff() == [f"manager@{slug}.example"]

    @invariant()
    def idle_on_the_platform(self) -> None:
        """Between two steps the connection is nobody's."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_schema(), current_setting('search_path')")
            assert cursor.fetchone() == (role_for("public"), "public", "public, pg_temp")
        assert cache.get("nothing") is None
        Interleaved.held += 1

    def teardown(self) -> None:
        for slug, path in self.files:
            with tenant_context(self.tenants[slug]):
                default_storage.delete(path)
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @staticmethod
    def _do(act: Callable[[], Any], is_in_thread: bool) -> Any:
        return in_thread(in_this_schema(act)) if is_in_thread else act()


def test_two_tenants_at_random_see_only_their_own(valkey: object, db: None, clock: object) -> None:
    run_state_machine_as_test(
        Interleaved,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert Interleaved.held > EXAMPLES * STEPS / 2
