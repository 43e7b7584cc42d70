"""``make journey``: an order's whole way over HTTP, against the processes of ``make run``, ending at the first untruth.

Pages are used as people use them; mails are read where the mail catcher puts them. The database is asked only where
a person could not know better: which place to choose, and whose community a friend belongs to.
"""

import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
django.setup()

from django.conf import settings  # noqa: E402  # Django must be set up first

from catalog.kinds import QuestionKind  # noqa: E402
from catalog.selectors import package_by_slug  # noqa: E402
from crowd.models import SHARED_CROWD, Friend, Membership  # noqa: E402
from demo.addresses import Addresses, Site, demo_addresses  # noqa: E402
from demo.mailbox import Mail, newest_mails  # noqa: E402
from demo.operators import OPERATOR_EMAIL  # noqa: E402
from demo.web import Page, Visitor  # noqa: E402
from journeys.order.book_package import answer_place  # noqa: E402
from kernel.clock import now  # noqa: E402
from kernel.errors import DomainError  # noqa: E402
from kernel.money import format_money  # noqa: E402
from ledger.kinds import AccountKind  # noqa: E402
from ledger.selectors import transactions_of_order  # noqa: E402
from orders.models import Order  # noqa: E402
from places.models import PostalCode  # noqa: E402
from tenants.context import tenant_context  # noqa: E402
from tenants.selectors import tenant_by_slug  # noqa: E402

Found = TypeVar("Found")

PATIENCE_S = 120
POLL_S = 0.2
MAILS = settings.DATA / "mail"
FEW_FRIENDS = range(1, 5)
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


class UntruthError(AssertionError):
    """Something is not as it must be."""


@dataclass
class Booked:
    """A placed order as its customer knows it."""

    site: Site
    number: str
    email: str
    customer: Visitor
    status_url: str


class Journey:
    """One run, with its clock and its transcript."""

    def __init__(self, addresses: Addresses) -> None:
        self.addresses = addresses
        self.sites = {site.slug: site for site in addresses.sites}
        self.begun = time.monotonic()
        self.run = f"{time.time_ns() // 1_000_000:x}"
        self.friends: dict[str, Visitor] = {}

    def play(self) -> None:
        """Play all stories.

        Raises UntruthError or LookupError at the first thing that is not as it must be.
        """
        for slug, package, country, code, language, method in BOOKINGS:
            self.whole_way(slug, package, country, code, language, method)
        self.card()
        self.overflow()
        self.nobody()

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

    def type_cards(self, customer: Visitor, page: Page) -> Page:
        """Type a card that is declined, then one that is paid, on the hosted page; return where that leads."""
        self.check("/c/pay/" in page.url, "the booking leads to the page where the card is typed")
        declined = customer.submit(page.form(), number="4000 0000 0000 0002")
        self.check(declined.status == HTTPStatus.PAYMENT_REQUIRED, "4000 0000 0000 0002 is declined")
        return customer.submit(page.form(), number="4242 4242 4242 4242")

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

    def pay_in_app(self, customer: Visitor, page: Page) -> Page:
        """Refuse the payment in the customer's app, then confirm it; return where that leads."""
        self.check("/c/pay/" in page.url, "the booking leads to the page of TWINT")
        refused = customer.submit(page.form(), confirmed="no")
        self.check(refused.status == HTTPStatus.PAYMENT_REQUIRED, "nothing is charged where the app says no")
        return customer.submit(page.form(), confirmed="yes")

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

    def book(
        self,
        slug: str,
        package: str,
        country: str,
        code: str,
        language: str,
        *,
        waits: bool = True,
        method: str = "cash",
    ) -> Booked:
        """Book over the pages of the brand site; return what the customer holds, and wait for the mail or not."""
        site, visitor = self.sites[slug], Visitor(language)
        email = f"{slug}-{self.run}-{code.replace('-', '')}@customers.example"
        page = visitor.get(f"{site.url}{language}/packages/{package}/book/")
        page = visitor.submit(page.form("/book/"), country=country, postal_code=code)
        page = visitor.submit(page.form("/questions/"), **self.answers(slug, package))
        page = visitor.submit(page.form("/times/"), windows=self.windows(page))
        page = visitor.submit(page.form("/contact/"), **self.contact(country, email))
        page = visitor.submit(page.form("/payment/"), method=method)
        page = visitor.submit(page.form("/review/"), early_start="on")
        if method == "card":
            page = self.type_cards(visitor, page)
        if method == "twint":
            page = self.pay_in_app(visitor, page)
        self.check(is_booked(page), f"{site.name}: {package} is booked at {code}")
        booked = Booked(site, "", email, visitor, "")
        return self.confirmed(booked) if waits else booked

    def windows(self, page: Page) -> list[str]:
        """Choose six evenings and weekend times of those shown, as people with a job do."""
        shown = re.findall(r'name="windows" value="([\d-]+:\d)"', page.text)
        leisure = [value for value in shown if value.endswith(":2") or date.fromisoformat(value[:10]).weekday() >= 5]
        return leisure[:6]

    def contact(self, country: str, email: str) -> dict[str, str]:
        """Return what the contact step asks for, of somebody in a country."""
        phones = {"DE": "030 1234567", "CH": "044 123 45 67", "AT": "01 2345678", "PL": "22 123 45 67"}
        return {
            "name": "Ada Muster", "street": "Teststrasse 1", "phone": phones[country], "email": email, "note": ""
        }  # fmt: skip

    def confirmed(self, booked: Booked) -> Booked:
        """Wait for the confirmation and open its link."""
        confirmation = self.mail_to(booked.email, "", after=1)
        self.say(f"the confirmation has arrived: {confirmation.subject}")
        url = _first_link(confirmation, "/orders/")
        page = booked.customer.get(url)
        self.check(page.status == 200, "its link opens the order without an account")
        return replace(booked, number=self.number_in(confirmation), status_url=url)

    def number_in(self, confirmation: Mail) -> str:
        """Return the order's number out of its confirmation."""
        found = re.search(r"[A-Z]{2}-\d{5,}", confirmation.subject)
        self.check(found is not None, "the confirmation names the order's number", is_quiet=True)
        return found[0] if found else ""

    def customer_sees_health(self) -> bool:
        """Say whether the web server answers."""
        return Visitor().get(f"{self.addresses.start_url}health/").status == HTTPStatus.OK

    def answers(self, slug: str, package: str) -> dict[str, str]:
        """Return an answer to each question of a package."""
        samples = {QuestionKind.CHOICE: "0", QuestionKind.TEXT: "Journey", QuestionKind.PHOTO: ""}
        with tenant_context(tenant_by_slug(slug)):
            questions = list(package_by_slug(package).questions.all())
        return {
            question.key: str(question.min_value or 1)
            if question.kind == QuestionKind.NUMBER
            else samples[question.kind]
            for question in questions
            if question.kind != QuestionKind.PHOTO
        }

    def asked(self, booked: Booked, count: int) -> dict[str, str]:
        """Wait until so many friends have an offer of the order; return their job pages by mail address."""
        return self.wait(
            lambda: offers if len(offers := self.offer_mails(booked)) >= count else None,
            f"{count} friends get an offer of {booked.number}",
        )

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

    def decline(self, offers: dict[str, str]) -> None:
        """Let friends say no."""
        for email, url in offers.items():
            page = self.friend(email).get(f"{url}decline/")
            page = self.friend(email).submit(page.form("/decline/"), reason="no_time", note="")
            self.check(page.status == 200, f"{email} declines", is_quiet=True)

    def friend(self, email: str) -> Visitor:
        """Return a signed-in friend."""
        if email not in self.friends:
            visitor = Visitor("de")
            page = visitor.get(f"{self.addresses.platform_url}de/sign-in/")
            page = visitor.submit(page.form("/sign-in/"), username=email, password=self.addresses.password)
            self.check(page.status == 200 and "/sign-in/" not in page.url, f"{email} signs in", is_quiet=True)
            self.friends[email] = visitor
        return self.friends[email]

    def manager(self, site: Site) -> Visitor:
        """Return the partner's signed-in manager."""
        visitor = Visitor("de")
        page = visitor.get(f"{site.admin_url}login/")
        page = visitor.submit(page.form("/sign-in/"), login=site.manager, password=self.addresses.password)
        self.check(page.status == 200 and "/sign-in/" not in page.url, f"{site.manager} signs in", is_quiet=True)
        return visitor

    def post(self, visitor: Visitor, url: str, action: str) -> Page:
        """Press the button of a page that leads to an action."""
        return visitor.submit(visitor.get(url).form(action))

    def link_to(self, page: Page, number: str) -> str:
        """Return the address behind an order's number."""
        found = re.search(rf'href="([^"]+/inspect/\d+/|[^"]+)"[^>]*>\s*{number}\s*<', page.text)
        if found is None:
            raise UntruthError(f"no link to {number} on {page.url}")
        scheme, host = urlsplit(page.url)[:2]
        return f"{scheme}://{host}{found[1]}"

    def friends_of_others(self, slug: str, emails: Iterable[str]) -> list[str]:
        """Return those who are in another partner's community and not in this one's."""
        own, members = tenant_by_slug(slug).pk, Membership.objects.filter(friend__email__in=list(emails))
        insiders = set(members.filter(community=own).values_list("friend__email", flat=True))
        outsiders = members.exclude(community__in=[SHARED_CROWD, own]).values_list("friend__email", flat=True)
        return sorted(set(outsiders) - insiders)

    def lonely_place(self, slug: str, package: str) -> tuple[str, str]:
        """Return country and code of a place with few friends."""
        with tenant_context(tenant_by_slug(slug)):
            found = package_by_slug(package)
            for row in PostalCode.objects.filter(country="DE").order_by("population", "code")[::37]:
                try:
                    answer = answer_place(package=found, country=row.country, postal_code=row.code, now=now())
                except DomainError:
                    continue
                if answer.coverage.friends in FEW_FRIENDS:
                    return row.country, row.code
        raise UntruthError("no place with few friends")

    def offer_mails(self, booked: Booked) -> dict[str, str]:
        """Return the job pages of all offers of an order by the friend's mail address."""
        return {
            mail.recipient: _first_link(mail, "/jobs/")
            for mail in self.mails(words=booked.number)
            if mail.recipient.endswith("@friends.example")
        }

    def mails(self, recipient: str = "", words: str = "") -> list[Mail]:
        """Return this run's mails to somebody that contain some words, oldest first."""
        since = datetime.now().astimezone() - timedelta(seconds=time.monotonic() - self.begun + 1)
        return [
            mail
            for mail in reversed(newest_mails(MAILS))
            if (not recipient or mail.recipient == recipient)
            and words in mail.subject + mail.text
            and (mail.sent_at is None or mail.sent_at >= since.replace(microsecond=0))
        ]

    def mail_to(self, recipient: str, words: str, *, after: int, attachment: str = "") -> Mail:
        """Wait for the so many-th mail to somebody, with an attachment where one is wanted."""

        def look() -> Mail | None:
            found = [mail for mail in self.mails(recipient, words) if not attachment or attachment in mail.attachments]
            return found[after - 1] if len(found) >= after else None

        return self.wait(look, f"mail {after} to {recipient}")

    def wait(self, look: Callable[[], Found | None], what: str) -> Found:
        """Return what ``look`` finds.

        Raises UntruthError where it finds nothing in time.
        """
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = look()
            if found is not None:
                return found
            if time.monotonic() > deadline:
                raise UntruthError(f"this did not happen: {what}")
            time.sleep(POLL_S)

    def check(self, is_true: bool, what: str, *, is_quiet: bool = False) -> None:
        """Write a truth down.

        Raises UntruthError where it is none.
        """
        if not is_true:
            raise UntruthError(f"not true: {what}")
        if not is_quiet:
            self.say(what)

    def say(self, text: str) -> None:
        """Write a line of the transcript, with the seconds since the beginning."""
        print(f"{time.monotonic() - self.begun:7.1f} s  {text}", flush=True)  # noqa: T201  # a terminal's programme


def main() -> int:
    """Play, and return the exit code."""
    addresses = demo_addresses()
    try:
        Journey(addresses).customer_sees_health()
    except OSError:
        print(f"Nothing answers at {addresses.start_url}. Start it first: make run", file=sys.stderr)  # noqa: T201
        return 2
    journey = Journey(addresses)
    try:
        journey.play()
    except (UntruthError, LookupError) as untruth:
        journey.say(f"UNTRUE: {untruth}")
        return 1
    journey.say("All of it is true.")
    return 0


def is_booked(page: Page) -> bool:
    """Say whether a page is the one that follows a booking."""
    return urlsplit(page.url).path.endswith("/done/")


def _money(minor: int, order: Order) -> str:
    return format_money(minor, order.currency, language="de", country=order.country)


def _in_days(days: int, at: str) -> str:
    return f"{(datetime.now().astimezone() + timedelta(days=days)):%Y-%m-%d}T{at}"


def _first_link(mail: Mail, part: str) -> str:
    found = re.search(rf"http\S+{part}\S+", mail.text)
    if found is None:
        raise UntruthError(f"no link to {part} in {mail.subject}")
    return found[0]


def _forms(page: Page) -> Iterable:
    actions = re.findall(r'<form[^>]+action="([^"]+)"', page.text)
    return [page.form(urlsplit(action).path) for action in actions]


if __name__ == "__main__":
    raise SystemExit(main())
