"""``manage.py seed_demo``: skills, tests, an operator, partners, the direct brand, two thousand friends, their past."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from crowd.starter import plant_skills_and_tests
from demo.accounts import plant_accounts
from demo.developers import plant_developers
from demo.events import plant_events
from demo.friends import plant_friends
from demo.history import DAYS, plant_history
from demo.newsletters import plant_newsletters
from demo.operators import plant_operator
from demo.partners import plant_partners
from demo.pros import plant_pros
from kernel.clock import now
from tenants.isolation.logins import become_owner


class Command(BaseCommand):
    help = "Plant the demo; what is there already is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        become_owner()
        moment = now()
        plant_skills_and_tests(now=moment)
        plant_operator()
        tenants = plant_partners(say=lambda slug: self.stdout.write(f"  {slug}"), now=moment)
        if events := plant_events(tenants, now=moment):
            self.stdout.write(f"  {events} events")
        planted = plant_friends(tenants, now=moment - timedelta(days=DAYS + 7))
        if planted:
            self.stdout.write(f"  {planted:,} friends")
        if pros := plant_pros(now=moment):
            self.stdout.write(f"  {pros} pros")
        if accounts := plant_accounts(now=moment - timedelta(days=DAYS + 7)):
            self.stdout.write(f"  {accounts:,} bank accounts")
        if orders := plant_history(tenants, now=moment):
            self.stdout.write(f"  {orders} orders of the last three months")
        if developers := plant_developers(tenants, now=moment):
            self.stdout.write(f"  {developers} keys and endpoints of partners' own systems")
        if newsletters := plant_newsletters(tenants, now=moment):
            self.stdout.write(f"  {newsletters} newsletters")
