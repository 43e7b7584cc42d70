"""A manager publishes an event in Wagtail; it is booked out, one cancels, the next moves up and is let in."""

import json
import re
from datetime import date, timedelta
from http import HTTPStatus

from cms.models import EventIndexPage, EventPage
from demo.addresses import Site
from demo.journey.feeding import Feeding
from demo.journey.stage import first_link
from demo.web import Visitor
from events.models import SignUp
from journeys.links import check_in_url
from tenants.context import tenant_context
from tenants.selectors import tenant_by_slug

TEXT = json.dumps({
    "entityMap": {},
    "blocks": [
        {"key": "a", "text": "Journey", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    ],
})  # fmt: skip


class Gathering(Feeding):
    """A run in which people meet."""

    def event(self) -> None:
        """Play an event with two seats and three guests, from the editor to the door."""
        site = self.sites["volthaus"]
        page_url = self.publish(site)
        links = {name: self.come(site, page_url, name) for name in ("Ada", "Ben", "Cem")}
        self.check("Warteliste" in Visitor("de").get(links["Cem"]).text, "two have a seat, and the third waits")
        visitor = Visitor("de")
        visitor.submit(visitor.get(links["Ada"]).form("/leave/"))
        mail = self.mail_to(self.guest("Cem"), "gehört Ihnen", after=1)
        self.check("event.ics" in mail.attachments, "Ada cancels by the link; Cem moves up and has the calendar entry")
        self.let_in(site)

    def publish(self, site: Site) -> str:
        """Write an event in the editor and publish it; return the address of its page."""
        with tenant_context(tenant_by_slug(site.slug)):
            parent = EventIndexPage.objects.get(locale__language_code="de").pk
        manager, slug = self.manager(site), f"journey-{self.run}"
        form = manager.get(f"{site.admin_url}pages/add/cms/eventpage/{parent}/").form(f"/eventpage/{parent}/")
        written = {
            "title": f"Journey {self.run}", "slug": slug, "introduction": "Journey", "body": TEXT, "photos-count": "0",
            "start_day": (date.today() + timedelta(days=10)).isoformat(), "start_time": "18:00", "end_time": "20:00",
            "time_zone": "Europe/Berlin", "place": "Hamburg", "capacity": "2", "audience": "public",
        }  # fmt: skip
        manager.submit(form, **written, **{"action-publish": "1"})
        url = f"{site.url}de/events/{slug}/"
        page = Visitor("de").get(url)
        self.check(page.status == HTTPStatus.OK, f"the manager of {site.name} publishes an event with two seats")
        return url

    def guest(self, name: str) -> str:
        """Return the mail address of a guest."""
        return f"{name.lower()}-{self.run}@guests.example"

    def come(self, site: Site, page_url: str, name: str) -> str:
        """Sign up on the event's page and confirm by the mail; return the address of the guest's own page."""
        visitor = Visitor("de")
        visitor.submit(visitor.get(page_url).form("/sign-up/"), name=name, email=self.guest(name))
        link = first_link(self.mail_to(self.guest(name), "", after=1), "/attendance/")
        visitor.submit(visitor.get(link).form("/confirm/"))
        self.mail_to(self.guest(name), "", after=2)
        return link

    def let_in(self, site: Site) -> None:
        """Read Cem's code at the door, twice."""
        tenant = tenant_by_slug(site.slug)
        with tenant_context(tenant):
            event = EventPage.objects.get(slug=f"journey-{self.run}").translation_key
            code = check_in_url(tenant, SignUp.objects.get(email=self.guest("Cem")).pk)
        manager = self.manager(site)
        page = manager.get(code)
        self.check("Cem" in page.text, "the manager's phone shows whose code it has read")
        form = page.form(re.sub(r".*(/check-in/)", r"\1", code))
        self.check("eingecheckt" in manager.submit(form).text, "Cem is checked in")
        self.check("schon benutzt" in manager.submit(form).text, "read once more, the code says that it was used")
        self.check("Cem" in manager.get(f"{site.admin_url}events/{event}/csv/").text, "the guest list comes as a file")
