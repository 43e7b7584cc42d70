"""One newsletter of each demo brand that has gone out, in all its languages, to subscribers who do not exist."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import override
from wagtail.models import Locale

from cms.models import Newsletter
from cms.newsletters.preparing import prepare
from demo.data import load
from journeys.partner.newsletters.subscribe import promise
from newsletters.audience import Audience
from newsletters.issues import begin_issue, end_issue_if_done, schedule_issue
from newsletters.models import Issue, Mail
from newsletters.selectors import readers
from newsletters.states import MailState, Source
from newsletters.subscribers import confirm, sign_up, unsubscribe_from_mail
from tenants.context import tenant_context
from tenants.models import Tenant

AGO = timedelta(days=9)
READERS = 24
WHO = "Demo"


def plant_newsletters(tenants: Iterable[Tenant], *, now: datetime) -> int:
    """Plant a newsletter at each brand that has none, and return at how many."""
    planted = 0
    for tenant in tenants:
        with tenant_context(tenant), transaction.atomic():
            if not Issue.objects.exists():
                _plant(tenant, now - AGO)
                planted += 1
    return planted


def _plant(tenant: Tenant, moment: datetime) -> None:
    _plant_readers(tenant, moment - AGO)
    issue = prepare(key=_write(tenant), tenant=tenant, now=moment)
    schedule_issue(issue_uuid=issue.uuid, version=issue.version, at=moment, who=WHO, now=moment)
    begin_issue(
        issue_id=issue.pk,
        subscribers=readers(Audience()),
        friends={},
        main_language=tenant.default_language,
        now=moment,
    )
    Mail.objects.filter(issue=issue).update(state=MailState.SENT, sent_at=moment)
    end_issue_if_done(issue_id=issue.pk, now=moment + timedelta(minutes=1))
    left = Mail.objects.filter(issue=issue).order_by("pk")[0]
    unsubscribe_from_mail(mail_uuid=left.uuid, source=Source.ONE_CLICK, now=moment + timedelta(hours=1))


def _plant_readers(tenant: Tenant, moment: datetime) -> None:
    for number in range(READERS):
        language = tenant.languages[number % len(tenant.languages)]
        with override(language):
            words = promise(tenant)
        made, _is_due = sign_up(
            email=f"reader{number}@{tenant.slug}-customers.example",
            language=language,
            words=words,
            source=Source.SITE,
            address="",
            now=moment,
        )
        confirm(subscriber_uuid=made.uuid, words=words, address="", now=moment)


def _write(tenant: Tenant) -> UUID:
    data, key = load("newsletters")[tenant.slug], uuid4()
    for language in tenant.languages:
        words = data[language]
        newsletter = Newsletter(
            subject=words["subject"],
            locale=Locale.objects.get(language_code=language),
            translation_key=key,
        )
        newsletter.body = [
            ("news", {"heading": words["heading"], "text": words["text"], "link": "", "link_words": ""}),
            ("packages", {"heading": words["offers"], "packages": data["packages"]}),
        ]
        newsletter.save()
    return key
