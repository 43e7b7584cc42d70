"""A visitor signs up, the manager writes a newsletter and sends it, and the reader leaves with one click."""

import json
import re
from uuid import uuid4

from demo.journey.feeding import Feeding
from demo.journey.stage import first_link
from demo.web import Form, Visitor


class Newsletters(Feeding):
    """A run in which a newsletter goes out."""

    def newsletter(self, slug: str) -> None:
        """Sign up, write, send, read, leave."""
        site, email = self.sites[slug], f"{slug}-{self.run}-reader@customers.example"
        visitor = Visitor("de")
        page = visitor.get(f"{site.url}de/newsletter/")
        visitor.submit(page.form("/newsletter/"), email=email)
        link = first_link(self.mail_to(email, "", after=1), "/newsletter/confirm/")
        page = visitor.submit(visitor.get(link).form())
        self.check(email in page.text, f"{email} signs up for the newsletter and confirms the address")
        subject, manager = f"Neues am Abend {self.run}", self.manager(site)
        page = manager.get(f"{site.admin_url}snippets/cms/newsletter/add/?locale=de")
        page = manager.submit(page.form("/add/"), **_typed(subject))
        self.check("/newsletters/" in page.url, "the manager writes a newsletter and goes on to sending")
        page = manager.submit(page.form("/plan/"), now="1")
        mail = self.mail_to(email, subject, after=1)
        self.say("the newsletter reaches its readers")
        leave = first_link(mail, "/newsletter/leave/").rstrip(")")
        scanner = Visitor()
        self.check("<button" in scanner.get(leave).text, "opening the link unsubscribes nobody", is_quiet=True)
        page = Visitor().submit(Form(leave, {}), **{"List-Unsubscribe": "One-Click"})
        self.check(page.status == 200, "one click in the inbox unsubscribes")
        page = visitor.get(f"{site.url}de/newsletter/")
        self.check(subject in page.text, "the newsletter stands in the archive of the brand site")
        proof = manager.get(f"{site.admin_url}newsletters/subscribers/?q={email}")
        self.check(
            len(re.findall(r"<li>", proof.text)) >= 3, "the manager sees each step of the consent", is_quiet=True
        )


def _typed(subject: str) -> dict[str, str]:
    """Return what the editor sends for a newsletter of one block."""
    text = {"key": "a", "text": "Es gibt Neues.", "type": "unstyled", "depth": 0, "data": {}}
    raw = {"blocks": [text | {"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}
    news = {"heading": "Neu", "text": json.dumps(raw), "picture": "", "picture_text": "", "link": "", "link_words": ""}
    block = {"type": "news", "order": "0", "deleted": "", "id": str(uuid4())}
    return {
        "subject": subject,
        "preheader": "",
        "body-count": "1",
        "action-prepare": "1",
        **{f"body-0-{name}": value for name, value in block.items()},
        **{f"body-0-value-{name}": value for name, value in news.items()},
    }
