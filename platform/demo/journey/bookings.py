"""A customer books over the pages of a brand site, and friends are asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from urllib.parse import urlsplit

from catalog.kinds import QuestionKind
from catalog.selectors import package_by_slug
from crowd.models import SHARED_CROWD, Membership
from demo.addresses import Site
from demo.journey.stage import Stage, UntruthError, first_link
from demo.mailbox import Mail
from demo.web import Page, Visitor
from journeys.order.booking.book_package import answer_place
from kernel.clock import now
from kernel.errors import DomainError
from places.models import PostalCode
from tenants.context import tenant_context
from tenants.selectors import tenant_by_slug

FEW_FRIENDS = range(1, 5)


@dataclass
class Booked:
    """A placed order as its customer knows it."""

    site: Site
    number: str
    email: str
    customer: Visitor
    status_url: str


class Bookings(Stage):
    """A run in which people book."""

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

    def confirmed(self, booked: Booked) -> Booked:
        """Wait for the confirmation and open its link."""
        confirmation = self.mail_to(booked.email, "", after=1)
        self.say(f"the confirmation has arrived: {confirmation.subject}")
        url = first_link(confirmation, "/orders/")
        page = booked.customer.get(url)
        self.check(page.status == 200, "its link opens the order without an account")
        return replace(booked, number=self.number_in(confirmation), status_url=url)

    def number_in(self, confirmation: Mail) -> str:
        """Return the order's number out of its confirmation."""
        found = re.search(r"[A-Z]{2}-\d{5,}", confirmation.subject)
        self.check(found is not None, "the confirmation names the order's number", is_quiet=True)
        return found[0] if found else ""

    def asked(self, booked: Booked, count: int) -> dict[str, str]:
        """Wait until so many friends have an offer of the order; return their job pages by mail address."""
        return self.wait(
            lambda: offers if len(offers := self.offer_mails(booked)) >= count else None,
            f"{count} friends get an offer of {booked.number}",
        )

    def offer_mails(self, booked: Booked) -> dict[str, str]:
        """Return the job pages of all offers of an order by the friend's mail address."""
        return {
            mail.recipient: first_link(mail, "/jobs/")
            for mail in self.mails(words=booked.number)
            if mail.recipient.endswith("@friends.example")
        }

    def decline(self, offers: dict[str, str]) -> None:
        """Let friends say no."""
        for email, url in offers.items():
            page = self.friend(email).get(f"{url}decline/")
            page = self.friend(email).submit(page.form("/decline/"), reason="no_time", note="")
            self.check(page.status == 200, f"{email} declines", is_quiet=True)

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

    def type_cards(self, customer: Visitor, page: Page) -> Page:
        """Type a card that is declined, then one that is paid, on the hosted page; return where that leads."""
        self.check("/c/pay/" in page.url, "the booking leads to the page where the card is typed")
        declined = customer.submit(page.form(), number="4000 0000 0000 0002")
        self.check(declined.status == HTTPStatus.PAYMENT_REQUIRED, "4000 0000 0000 0002 is declined")
        return customer.submit(page.form(), number="4242 4242 4242 4242")

    def pay_in_app(self, customer: Visitor, page: Page) -> Page:
        """Refuse the payment in the customer's app, then confirm it; return where that leads."""
        self.check("/c/pay/" in page.url, "the booking leads to the page of TWINT")
        refused = customer.submit(page.form(), confirmed="no")
        self.check(refused.status == HTTPStatus.PAYMENT_REQUIRED, "nothing is charged where the app says no")
        return customer.submit(page.form(), confirmed="yes")


def is_booked(page: Page) -> bool:
    """Say whether a page is the one that follows a booking."""
    return urlsplit(page.url).path.endswith("/done/")
