"""The stories that are played: the whole way with every way to pay, overflow, and nobody found."""

import re
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from crowd.models import Friend
from demo.journey.api_alone import AloneByApi
from demo.journey.bookings import Booked
from demo.journey.events import Gathering
from demo.journey.newsletters import Newsletters
from demo.journey.stage import PATIENCE_S, POLL_S, UntruthError
from demo.operators import OPERATOR_EMAIL
from demo.web import Page, Visitor
from kernel.money import format_money
from ledger.kinds import AccountKind
from ledger.selectors import transactions_of_order
from orders.models import Order
from tenants.context import tenant_context
from tenants.selectors import tenant_by_slug

# Site, package, country, postal code, language, way to pay: one order at each partner.
BOOKINGS = (
    ("volthaus", "wifi-setup", "DE", "10115", "de", "cash"),
    ("alpenfunk", "phone-help", "CH", "8001", "de", "twint"),
    ("lumenwerk", "wifi-setup", "PL", "02-001", "pl", "invoice"),
    ("quartett", "phone-help", "AT", "1010", "de", "card"),
    ("alpenfunk", "phone-help", "CH", "8004", "de", "card_on_site"),
)
# Which account holds the price of an order in the end.
HOLDS_THE_PRICE = {
    "cash": AccountKind.CASH,
    "invoice": AccountKind.CUSTOMER,
    "card": AccountKind.STRIPE,
    "card_on_site": AccountKind.SUMUP,
    "twint": AccountKind.STRIPE,
}


class Journey(AloneByApi, Gathering, Newsletters):
    """All stories, one after the other."""

    def play(self) -> None:
        """Play all stories.

        Raises UntruthError or LookupError at the first thing that is not as it must be.
        """
        for slug, package, country, code, language, method in BOOKINGS:
            self.whole_way(slug, package, country, code, language, method)
        self.newsletter("volthaus")
        self.fed()
        self.by_api_alone()
        self.card()
        self.overflow()
        self.nobody()
        self.event()

    def whole_way(self, slug: str, package: str, country: str, code: str, language: str, method: str) -> None:
        """Book, race for acceptance, contact, agree on a date, close, rate; and look into the books."""
        booked = self.book(slug, package, country, code, language, method=method)
        asked = self.asked(booked, 4)
        self.say(f"four friends have the offer: {', '.join(sorted(asked))}")
        winner = self.race(booked, asked)
        self.mail_to(booked.email, booked.number, after=2)
        self.arrange_and_close(booked, winner, asked[winner])
        if method == "card_on_site":
            self.pay_on_site(booked, winner, asked[winner])
        self.rate(booked, winner, asked[winner])
        self.look_as_manager(booked)
        self.look_into_books(booked, winner, asked[winner], method)
        if method == "twint":
            self.transfer(winner)

    def fed(self) -> None:
        """Let a partner's own system place an order by the API, and follow it to its end."""
        shop, booked = self.feed("volthaus", "wifi-setup", "DE", "10119")
        asked = self.asked(booked, 4)
        winner = self.race(booked, asked)
        self.follow(shop, "accepted")
        self.arrange_and_close(booked, winner, asked[winner])
        self.follow(shop, "done")
        self.rate(booked, winner, asked[winner])
        self.follow(shop, "confirmed")
        self.look_into_books(booked, winner, asked[winner], "invoice")

    def by_api_alone(self) -> None:
        """Let a partner begin that has the API alone, connect its shop, and see an order through by webhooks."""
        site = self.new_api_partner()
        with self.listening(site) as sent:
            shop, booked = self.feed_alone(site)
            asked = self.asked(booked, 4)
            winner = self.race(booked, asked)
            self.arrange_and_close(booked, winner, asked[winner])
            self.follow(shop, "done")
            self.rate_by_api(shop)
            self.hears(sent, booked)
        self.follow(shop, "confirmed")
        self.look_into_books(booked, winner, asked[winner], "invoice")

    def transfer(self, winner: str) -> None:
        """Let the friend open an account at Stripe, and an operator pay them there."""
        friend, payouts = self.friend(winner), f"{self.addresses.platform_url}de/payouts/"
        if "/payouts/stripe/stop/" not in friend.get(payouts).text:
            page = friend.get(f"{payouts}stripe/")
            page = friend.submit(page.form("/stripe/"), password=self.addresses.password)
            self.check("/setup/" in page.url, f"{winner} is led to Stripe's page")
            page = friend.submit(page.form())
            self.check("Dein Stripe-Konto ist bereit" in page.text, "and comes back with an account that is ready")
        before = friend.get(payouts).text.count("Stripe …")
        operator, friend_id = Visitor("de"), Friend.objects.get(email=winner).pk
        page = operator.get(f"{self.addresses.platform_url}de/operators/payouts/friends/{friend_id}/")
        page = operator.submit(page.form("/sign-in/"), login=OPERATOR_EMAIL, password=self.addresses.password)
        page = operator.submit(page.form("/pay/"))
        self.check("/payouts/runs/" in page.url, "an operator pays them now")
        self.wait(lambda: friend.get(payouts).text.count("Stripe …") > before or None, f"the transfer reaches {winner}")
        self.say(f"Stripe transfers the money to {winner}")

    def card(self) -> None:
        """Pay by card: be declined, pay, cancel, and see the money go back."""
        booked = self.book("volthaus", "wifi-setup", "DE", "10117", "de", method="card")
        self.check(len(self.asked(booked, 4)) == 4, "four friends have the offer, now that it is paid", is_quiet=True)
        page = booked.customer.get(booked.status_url)
        self.check("Mit Karte bezahlt" in page.text, "the order's page says that it is paid by card")
        page = booked.customer.submit(page.form("/cancel/"))
        self.mail_to(booked.email, "wie Sie bezahlt haben", after=1)
        self.wait(
            lambda: "Erstattet" in booked.customer.get(booked.status_url).text or None,
            "the order's page shows the refund",
        )
        self.say("the customer cancels; email and page say that the whole amount goes back")
        self.check(not any(self.held(booked)[1].values()), "the books say so too: nothing is left on any account")

    def pay_on_site(self, booked: Booked, winner: str, job_url: str) -> None:
        """Show the code on the friend's phone, type two cards on the page behind it, and see the phone follow."""
        friend = self.friend(winner)
        page = friend.get(f"{job_url}pay/")
        page = friend.submit(page.form("/pay/card/"))
        self.check('class="qr"' in page.text, "the friend's phone shows the code of the payment page")
        page = booked.customer.get(booked.status_url)
        page = booked.customer.submit(page.form("/pay/"))
        self.check("/pay/" in page.url, "it is the page to which the customer's own button leads")
        declined = booked.customer.submit(page.form(), number="4000 0000 0000 0002")
        self.check(declined.status == HTTPStatus.PAYMENT_REQUIRED, "4000 0000 0000 0002 is declined", is_quiet=True)
        booked.customer.submit(page.form(), number="4242 4242 4242 4242")
        self.check("Bezahlt" in friend.get(f"{job_url}pay/").text, "the friend's phone says that it is paid")
        self.mail_to(booked.email, "Quittung", after=1)
        self.say("the customer gets the receipt by email")

    def overflow(self) -> None:
        """Let the partner's own community say no, so that a friend of others takes the order."""
        booked = self.book("lumenwerk", "wifi-setup", "DE", "20095", "de")
        first = self.asked(booked, 4)
        self.decline(first)
        self.say("all four of Lumenwerk's own community decline")
        offers = self.asked(booked, 8)
        second = {email: url for email, url in offers.items() if email not in first}
        strangers = self.friends_of_others("lumenwerk", second)
        self.check(bool(strangers), f"the order overflows; of other partners' communities are: {', '.join(strangers)}")
        for email in strangers:
            page = self.friend(email).get(second[email])
            self.check(booked.email not in page.text, f"{email} sees no contact data before acceptance")
        winner = strangers[0]
        page = self.post(self.friend(winner), second[winner], "/accept/")
        self.check(
            booked.email in page.text, f"{winner}, of another partner's community, has the job and sees whom to contact"
        )
        self.arrange_and_close(booked, winner, second[winner])
        self.rate(booked, winner, second[winner])
        self.look_into_books(booked, winner, second[winner], "cash")

    def nobody(self) -> None:
        """Let everybody say no, so that the order lands on the manager's desk."""
        country, code = self.lonely_place("lumenwerk", "wifi-setup")
        booked = self.book("lumenwerk", "wifi-setup", country, code, "de")
        asked: dict[str, str] = {}
        mail_of_managers = None
        deadline = time.monotonic() + PATIENCE_S
        while mail_of_managers is None:
            if time.monotonic() > deadline:
                raise UntruthError("the manager did not hear that nobody was found")
            offers = {email: url for email, url in self.offer_mails(booked).items() if email not in asked}
            self.decline(offers)
            asked |= offers
            mail_of_managers = next(iter(self.mails(booked.site.manager, booked.number)), None)
            time.sleep(POLL_S)
        self.say(f"{len(asked)} friends were asked, all declined; the manager has a mail: {mail_of_managers.subject}")
        self.mail_to(booked.email, booked.number, after=2)
        page = booked.customer.get(booked.status_url)
        self.check("<h1" in page.text and page.status == 200, "the customer's page says honestly that nobody was found")
        manager = self.manager(booked.site)
        desk = manager.get(booked.site.admin_url)
        self.check(booked.number in desk.text, "the order is on the manager's desk")
        detail = manager.get(self.link_to(desk, booked.number))
        cancelled = manager.submit(detail.form("/cancel/"), why="journey")
        self.check(cancelled.status == 200, "the manager cancels it")
        self.mail_to(booked.email, booked.number, after=3)

    def race(self, booked: Booked, asked: dict[str, str]) -> str:
        """Let all friends accept at once and return the one who has the job."""
        forms = {email: self.friend(email).get(url).form("/accept/") for email, url in asked.items()}
        with ThreadPoolExecutor(len(forms)) as pool:
            pages = dict(
                zip(forms, pool.map(lambda item: self.friend(item[0]).submit(item[1]), forms.items()), strict=True)
            )
        winners = [email for email, page in pages.items() if page.status == 200 and booked.email in page.text]
        losers = [email for email, page in pages.items() if page.status == 409 and booked.email not in page.text]
        self.check(len(winners) == 1, f"exactly one has it: {', '.join(winners)}")
        self.check(len(losers) == len(asked) - 1, "the others are told clearly that it is taken")
        return winners[0]

    def arrange_and_close(self, booked: Booked, email: str, job_url: str) -> None:
        """Contact, propose, counter, agree, report."""
        friend = self.friend(email)
        page = self.post(friend, job_url, "/contact/")
        self.check("/contact/" not in page.text, "the friend has contacted the customer; the clock stops")
        proposed = _in_days(3, "18:00")
        page = friend.get(f"{job_url}date/")
        page = friend.submit(page.form("/date/"), starts_at=proposed, note="")
        page = booked.customer.get(booked.status_url)
        self.check("/date/" in page.text, "the customer sees the proposed date")
        page = booked.customer.submit(page.form("/date/"), starts_at=_in_days(4, "19:00"), note="")
        page = friend.get(job_url)
        accept = next(form for form in _forms(page) if re.search(r"/date/\d+/$", form.action))
        page = friend.submit(accept)
        self.check(page.status == 200, "the customer counters, the friend agrees")
        self.mail_to(booked.email, "", after=1, attachment="appointment.ics")
        page = friend.get(f"{job_url}report/")
        page = friend.submit(
            page.form("/report/"),
            summary="Done in the journey.",
            material="",
            minutes="45",
            is_paid="on",
            why_now="The customer had time today.",
        )
        self.check("/report/" not in page.text, "the friend closes the job with a report")

    def rate(self, booked: Booked, winner: str, job_url: str) -> None:
        """Rate each other with five stars and wait until the friend hears of it."""
        page = booked.customer.get(booked.status_url)
        page = booked.customer.submit(page.form("/rate/"), stars="5", words="Thank you")
        self.check("/rate/" not in page.text, "the customer rates with five stars")
        friend = self.friend(winner)
        page = friend.get(f"{job_url}rate/")
        page = friend.submit(page.form("/rate/"), stars="5", words="Thank you")
        self.check("/rate/" not in page.text, "the friend rates the customer, and both ratings are shown")
        self.wait(
            lambda: [mail for mail in self.mails(winner) if "★★★★★" in mail.subject or "★★★★★" in mail.text] or None,
            f"the rating reaches {winner}",
        )
        self.say(f"the rating reaches {winner}")

    def look_as_manager(self, booked: Booked) -> None:
        """Look at the order in the partner's own admin, and only there."""
        manager = self.manager(booked.site)
        page = manager.get(f"{booked.site.admin_url}orders/?q={booked.number}")
        detail = manager.get(self.link_to(page, booked.number))
        self.check(booked.email in detail.text, f"the manager of {booked.site.name} sees order and log")

    def look_into_books(self, booked: Booked, winner: str, job_url: str, method: str) -> None:
        """Compare what was booked with what the order costs and with what the friend reads, to the last minor unit."""
        order, held = self.held(booked)
        where = {kind: held[kind] for kind in HOLDS_THE_PRICE.values() if held[kind]}
        self.check(
            where == {HOLDS_THE_PRICE[method]: order.price_minor},
            f"the books hold the price of {booked.number}: {_money(order.price_minor, order)}, {method}",
        )
        earned = held["friend"] + held["pro"]
        self.check(earned == order.friend_minor, f"{winner} has earned {_money(earned, order)} with it")
        kept = held["platform"] + held["vat"] + held["partner"]
        self.check(kept == order.commission_minor, f"the rest, {_money(kept, order)}, is the commission")
        page = self.friend(winner).get(f"{self.addresses.platform_url}de/earnings/")
        self.check(
            urlsplit(job_url).path.split("/")[-2] in page.text and _money(earned, order) in page.text,
            "the friend's earnings say the same",
        )

    def held(self, booked: Booked) -> tuple[Order, Counter[str]]:
        """Return an order, and what its transactions have left on each kind of account."""
        with tenant_context(tenant_by_slug(booked.site.slug)):
            order = Order.objects.get(number=booked.number)
        held: Counter[str] = Counter()
        for made in transactions_of_order(order.uuid):
            for entry in made.entries.all():
                held[entry.account.kind] += entry.account.sign * entry.amount_minor
        return order, held


def _money(minor: int, order: Order) -> str:
    return format_money(minor, order.currency, language="de", country=order.country)


def _in_days(days: int, at: str) -> str:
    return f"{(datetime.now().astimezone() + timedelta(days=days)):%Y-%m-%d}T{at}"


def _forms(page: Page) -> Iterable:
    actions = re.findall(r'<form[^>]+action="([^"]+)"', page.text)
    return [page.form(urlsplit(action).path) for action in actions]
