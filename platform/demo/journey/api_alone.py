"""A partner by the API alone: an operator makes it, its developer connects a shop, and the shop orders (R2)."""

import hmac
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from demo.addresses import Site
from demo.journey.bookings import Booked
from demo.journey.feeding import Feeding, Shop
from demo.journey.stage import first_link
from demo.operators import OPERATOR_EMAIL
from demo.web import Visitor
from developers.client import signature

# Berlin, where many friends of the shared crowd live.
COUNTRY, CODE = "DE", "10115"
STATES = ["searching", "accepted", "contacted", "scheduled", "done", "confirmed"]

Sent = list[tuple[dict[str, str], bytes]]


class AloneByApi(Feeding):
    """A run in which a partner begins that has neither a site for bookings nor a community."""

    def new_api_partner(self) -> Site:
        """Let an operator make the partner, and its manager come in and offer a package; return its addresses."""
        slug = f"shop-{self.run}"
        operator, email = Visitor("de"), f"manager@{slug}.example"
        page = operator.get(f"{self.addresses.platform_url}de/operators/new/")
        page = operator.submit(page.form("/sign-in/"), login=OPERATOR_EMAIL, password=self.addresses.password)
        page = operator.submit(
            page.form("/operators/new/"),
            slug=slug,
            name="Nur Shop",
            legal_name="Nur Shop (Demo)",
            kind="api",
            manager_first_name="Maja",
            manager_last_name="Shop",
            manager_email=email,
            manager_language="de",
            countries=[COUNTRY],
            languages=["de"],
            default_language="de",
            currency="EUR",
            commission_bp="15",
            brand_colour="#0a5c5c",
        )
        self.check(
            "/operations/" in page.url, f"an operator asks for {slug}, a partner by the API alone", is_quiet=True
        )
        invitation = first_link(self.mail_to(email, "", after=1), "/invitation/")
        self.say(f"{slug} is there, and its manager is invited")
        manager, url = Visitor("de"), invitation.partition("/de/")[0] + "/"
        page = manager.get(invitation)
        password = self.passwords[email] = f"four neighbours at {self.run}"
        page = manager.submit(page.form(urlsplit(page.url).path), password1=password, password2=password)
        site = Site(slug, "Nur Shop", url, f"{url}admin/", email, [], [COUNTRY], ["de"])
        self._offer_all(self.manager(site), site)
        closed = Visitor("de").get(f"{url}de/packages/wifi-setup/book/")
        self.check(closed.status == 410, "its site takes no bookings")
        return site

    @contextmanager
    def listening(self, site: Site) -> Iterator[Sent]:
        """Let the manager add an endpoint, and yield what comes in there for as long as the block."""
        sent: Sent = []
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(sent))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        manager, url = self.manager(site), f"{site.admin_url}webhooks/"
        page = manager.submit(
            manager.get(url).form("/webhooks/"), url=f"http://127.0.0.1:{server.server_port}/", states=STATES
        )
        found = re.search(r'value="(whsec_[^"]+)"', page.text)
        self.check(found is not None, "the manager adds the address of the shop's system")
        self.secret = found[1] if found else ""
        try:
            yield sent
        finally:
            server.shutdown()
            server.server_close()

    def feed_alone(self, site: Site) -> tuple[Shop, Booked]:
        """Place an order of that partner's by the steps of the guide."""
        self.sites[site.slug] = site
        return self.feed(site.slug, "wifi-setup", COUNTRY, CODE)

    def hears(self, sent: Sent, booked: Booked) -> None:
        """Check that the shop's system has heard of each step, and that each message is signed."""

        def heard() -> list[str] | None:
            of_order = [json.loads(body)["data"] for _headers, body in list(sent)]
            found = [one["state"] for one in of_order if one["number"] == booked.number]
            return found if set(STATES) <= set(found) else None

        self.wait(heard, f"webhooks of every step of {booked.number}")
        for headers, body in sent:
            expected = signature(self.secret, headers["webhook-id"], headers["webhook-timestamp"], body)
            is_signed = hmac.compare_digest(headers["webhook-signature"], expected)
            self.check(is_signed, "the webhook is signed", is_quiet=True)
        self.say(f"the shop's system has heard of every step by {len(sent)} signed webhooks")

    def _offer_all(self, manager: Visitor, site: Site) -> None:
        url = f"{site.admin_url}first-steps/packages/"
        page = manager.get(url)
        packages = re.findall(r'name="package"\s+value="(\d+)"(?! disabled)', page.text)
        page = manager.submit(page.form("/packages/"), package=packages)
        self.check(page.status == 200 and bool(packages), "the manager comes in and offers packages")


def _handler(sent: Sent) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # as http.server calls it
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as http.server names it
            """Say nothing."""

    return Handler
