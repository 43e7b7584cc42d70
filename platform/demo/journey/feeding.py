"""A partner's own system feeds an order in by the API, with a key that its manager makes."""

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from demo.addresses import Site
from demo.journey.bookings import Booked, Bookings
from demo.web import Visitor

WISHED = 2


@dataclass(frozen=True)
class Shop:
    """A partner's system with its key."""

    url: str
    token: str

    def ask(self, path: str, body: Any = None, *, once: str = "") -> tuple[int, Any]:
        """Call the API and return status and body."""
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency_Key": once} if once else {})
        page = Visitor("en").send(f"{self.url}api/v1/{path}", body, **headers)
        return page.status, json.loads(page.text)


class Feeding(Bookings):
    """A run in which a partner's system places orders."""

    def shop_of(self, site: Site) -> Shop:
        """Let the partner's manager make a key, and return the system that has it."""
        manager, url = self.manager(site), f"{site.admin_url}api-keys/"
        page = manager.submit(
            manager.get(url).form("/api-keys/"),
            name=f"Shop {self.run}",
            scopes=["catalogue:read", "orders:read", "orders:write"],
        )
        found = re.search(r'value="(qk_[^"]+)"', page.text)
        self.check(found is not None, f"the manager of {site.name} makes a key for the shop")
        return Shop(site.url, found[1] if found else "")

    def feed(self, slug: str, package: str, country: str, code: str) -> tuple[Shop, Booked]:
        """Place an order by the API; return the shop, and the order as its customer knows it."""
        site = self.sites[slug]
        shop, email = self.shop_of(site), f"{slug}-{self.run}-{code}@customers.example"
        _status, coverage = shop.ask(f"coverage?package={package}&country={country}&postal_code={code}")
        self.check(coverage["is_covered"], f"somebody comes to {code} from {coverage['first_free_on']} on")
        answers = self.answers(slug, package)
        body = {
            "package": package,
            "place": {"country": country, "postal_code": code},
            "answers": answers,
            "times": [time for time in coverage["first_times"] if time["part"] == "evening"][:WISHED],
            "customer": self.contact(country, email),
            "payment_method": "invoice",
            "language": "de",
            "reference": f"SHOP-{self.run}",
            "early_start": True,
        }
        status, order = shop.ask("orders", body, once=self.run)
        self.check(status == HTTPStatus.CREATED, f"the shop places order {order.get('number', order)}")
        again = shop.ask("orders", body, once=self.run)
        self.check(again == (status, order), "sent once more, it gets the same answer and is placed once")
        booked = Booked(site, order["number"], email, Visitor("de"), order["status_url"])
        self.mail_to(email, order["number"], after=1)
        return shop, booked

    def rate_by_api(self, shop: Shop) -> None:
        """Let the shop rate the work for its customer, which also confirms it."""
        _status, page = shop.ask(f"orders?reference=SHOP-{self.run}")
        status, order = shop.ask(f"orders/{page['results'][0]['id']}/rating", {"stars": 5}, once=f"rate-{self.run}")
        self.check(
            status == HTTPStatus.OK, f"the shop rates the work for its customer: {order['rating']['stars']} stars"
        )

    def follow(self, shop: Shop, state: str) -> None:
        """Check how the shop sees its order."""
        _status, page = shop.ask(f"orders?reference=SHOP-{self.run}")
        self.check([order["state"] for order in page["results"]] == [state], f"the shop reads that it is {state}")
