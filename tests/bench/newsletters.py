"""A newsletter to ten thousand readers over a mail server on this machine, with a worker that is killed half way."""

import os
import smtplib
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from multiprocessing import get_context

from django.conf import settings
from django.db import connection
from django.test import override_settings

from cms.models import Newsletter
from journeys.partner.newsletters.send import send_newsletters
from kernel.clock import now
from newsletters.models import Issue, Subscriber, Suppression
from newsletters.selectors import issue_by_uuid, report_of
from newsletters.states import IssueState
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_slug
from tests.bench.figures import Figure
from tests.newsletters.mail_server import MailServer, mail_server
from tests.newsletters.writing import planned, write

READERS = int(os.environ.get("QUARTETT_BENCH_READERS", "10000"))
FLOOR = min(READERS, 1_000)
AT_ONCE, LONG_S, POLL_S = 2_000, 3_600.0, 0.01
SLUG, HOST = "volthaus", "bench-readers.example"


def newsletter() -> Iterator[Figure]:
    """Send it and count: mails a second, against the same mails handed to the same server by nothing but smtplib."""
    tenant = tenant_by_slug(SLUG)
    # What a run left that was stopped half way.
    _forget(tenant)
    with mail_server() as server, override_settings(NEWSLETTERS_PER_MINUTE=10**9):
        try:
            issue = _plan(tenant)
            begun = time.perf_counter()
            _kill_half_way(server, tenant)
            send_newsletters(tenant, budget_s=LONG_S)
            took = time.perf_counter() - begun
            _check(server, tenant, issue)
            sent = len(server.got)
            floor = _bare(server)
        finally:
            _forget(tenant)
    yield Figure("newsletter", round(sent / took, 1), "mails/s", baseline=round(floor, 1), more={"readers": READERS})


def _plan(tenant: Tenant) -> Issue:
    with tenant_context(tenant):
        moment = now()
        Subscriber.objects.bulk_create(
            (
                Subscriber(email=f"r{number}@{HOST}", language="de", asked_at=moment, confirmed_at=moment)
                for number in range(READERS)
            ),
            batch_size=AT_ONCE,
        )
        return planned(tenant, write("de"))


def _kill_half_way(server: MailServer, tenant: Tenant) -> None:
    """Let another process begin, and kill it when it has sent half."""
    # A connection cannot be shared with a child.
    connection.close()
    worker = get_context("fork").Process(target=send_newsletters, args=(tenant,), kwargs={"budget_s": LONG_S})
    worker.start()
    while len(server.got) < READERS // 2 and worker.is_alive():
        time.sleep(POLL_S)
    worker.kill()
    worker.join()
    assert READERS // 2 <= len(server.got) < READERS, "the worker was not killed half way"


def _check(server: MailServer, tenant: Tenant, issue: Issue) -> None:
    """Fail where somebody has none, or one that a mailbox would not know for the same."""
    ids = Counter(message_from_bytes(content)["Message-ID"] for _sender, to, content in server.got if HOST in to)
    doubled = sum(ids.values()) - len(ids)
    with tenant_context(tenant):
        report = report_of(issue)
        assert issue_by_uuid(issue.uuid).state == IssueState.SENT
    assert len(ids) == READERS, f"{len(ids)} of {READERS} arrived"
    assert doubled <= 1, f"{doubled} went out twice"
    assert report.sent >= READERS


def _bare(server: MailServer) -> float:
    """Return how many mails a second the server takes from smtplib, over one connection."""
    sender, to, content = server.got[0]
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as bare:
        begun = time.perf_counter()
        for _mail in range(FLOOR):
            bare.sendmail(sender, [to], content)
        return FLOOR / (time.perf_counter() - begun)


def _forget(tenant: Tenant) -> None:
    with tenant_context(tenant):
        Issue.objects.filter(title="News in winter").delete()
        Newsletter.objects.filter(subject="News in winter").delete()
        Subscriber.objects.filter(email__endswith=f"@{HOST}").delete()
        Suppression.objects.all().delete()
