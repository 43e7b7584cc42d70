"""Writing newsletters and having subscribers, as the tests need them. Run inside a tenant."""

from typing import Any
from uuid import UUID

from wagtail.models import Locale

from cms.models import Newsletter
from cms.newsletters.preparing import prepare
from kernel.clock import now
from newsletters.audience import Audience
from newsletters.issues import choose_audience, schedule_issue
from newsletters.models import Issue, Subscriber
from newsletters.selectors import issue_by_uuid
from newsletters.states import Source
from newsletters.subscribers import confirm, sign_up
from tenants.models import Tenant

NEWS = ("news", {"heading": "A new router", "text": "<p>It <b>glows</b>.</p>", "link": "", "link_words": ""})


def write(
    language: str = "en", *, subject: str = "News in winter", body: Any = (NEWS,), key: UUID | None = None
) -> Newsletter:
    """Write a newsletter in one language; with a key the one of another language is translated by it."""
    newsletter = Newsletter(subject=subject, locale=Locale.objects.get(language_code=language))
    newsletter.body = list(body)
    if key is not None:
        newsletter.translation_key = key
    newsletter.save()
    return newsletter


def subscriber(email: str, language: str = "en") -> Subscriber:
    """Have somebody on the list, with proof."""
    made, _is_due = sign_up(
        email=email, language=language, words="Yes", source=Source.SITE, address="203.0.113.77", now=now()
    )
    return confirm(subscriber_uuid=made.uuid, words="Yes", address="203.0.113.77", now=now())


def planned(tenant: Tenant, newsletter: Newsletter, audience: Audience | None = None) -> Issue:
    """Prepare an issue and let it go out now."""
    moment = now()
    issue = prepare(key=newsletter.translation_key, tenant=tenant, now=moment)
    if audience is not None:
        choose_audience(issue_uuid=issue.uuid, audience=audience)
    issue = issue_by_uuid(issue.uuid)
    schedule_issue(issue_uuid=issue.uuid, version=issue.version, at=moment, who="Maja", now=moment)
    return issue_by_uuid(issue.uuid)
