"""What the scheduler starts. All of it may run twice, late, or side by side."""

from datetime import timedelta
from typing import Any

from celery import shared_task

from crowd.attempts import close_overdue_attempts as close_attempts
from developers.services import forget_answers as forget_old_answers
from developers.webhooks import forget_deliveries
from journeys.event.sweep import forget_guests_of_events
from journeys.event.sweep import look_after_events as look_after
from journeys.friend.become_pro import remind_of_insurances
from journeys.friend.certify_friend import sweep_certificates as sweep_all_certificates
from journeys.friend.review_decision import remind_of_reviews
from journeys.friend.sign_up_friend import forget_unconfirmed_friends
from journeys.money.comparing.reconcile import reconcile_tonight
from journeys.money.incoming.bill_partner import bill_partners
from journeys.money.incoming.remind_partner import remind_partners
from journeys.money.keeping.retention import erase_what_is_over as erase_old_records
from journeys.money.payouts.connect import sweep_accounts
from journeys.money.payouts.pay_out import carry_out_runs
from journeys.money.sellers.seller_data import collect_seller_data as collect_data
from journeys.order.booking.await_coverage import tell_covered
from journeys.order.paying.pay_by_card import sweep_card_payments
from journeys.partner.leave_platform import request_due_deletions
from journeys.partner.newsletters.send import send_newsletters
from journeys.partner.operations import carry_out
from journeys.partner.simulate_rules import carry_out_simulation
from journeys.sandbox.own_clock import sweep_sandboxes as sweep_all_sandboxes
from journeys.sandbox.till import look_after_till as look_after_all_tills
from kernel.clock import now, real_now
from kernel.database.alone import alone
from newsletters.sending import due_issues
from newsletters.subscribers import forget_unconfirmed as forget_unconfirmed_subscribers
from newsletters.subscribers import forget_who_left
from notifications.held_back import forget_held_back
from notifications.services import forget_old_notices
from orders.services.attachments import forget_attachments
from orders.services.drafts import forget_old_drafts
from payouts.services import note_all_waiting
from tenants.access.handover import forget_handovers
from tenants.isolation.everywhere import in_each
from tenants.isolation.tasks_base import PlatformTask, TenantTask
from tenants.lifecycle.media import sweep_set_aside
from tenants.models import Tenant, TenantState
from tenants.selectors import partners, tenant_by_id, tenants

KEEP_DRAFTS = timedelta(days=30)


MINUTE = timedelta(minutes=1)


KEEP_UNCONFIRMED = timedelta(days=14)


KEEP_HANDOVERS = timedelta(days=1)


KEEP_NOTICES = timedelta(days=90)


KEEP_HELD_BACK = timedelta(days=30)


@shared_task(base=PlatformTask)
def forget_drafts(**kwargs: Any) -> int:
    """Delete bookings begun and never placed, sign-ups nobody confirmed, and guests of events that are long over.

    At every partner, whatever its state, and in every sandbox.
    """
    forgotten = []

    def forget(tenant: Tenant) -> None:
        forgotten.append(forget_old_drafts(now=now(), older_than=KEEP_DRAFTS))
        forget_unconfirmed_subscribers(now=now())
        forget_who_left(now=now())
        forget_guests_of_events(tenant_id=tenant.pk, now=now())

    in_each(tenants(), forget)
    return sum(forgotten)


@shared_task(base=PlatformTask)
def sweep_sandboxes(**kwargs: Any) -> int:
    """Act on the deadlines that are due in sandboxes whose clocks are ahead."""
    return sweep_all_sandboxes()


@shared_task(base=PlatformTask)
def look_after_till(**kwargs: Any) -> int:
    """Look after the payments that are due in sandboxes."""
    return look_after_all_tills()


@shared_task(base=PlatformTask)
def forget_answers(**kwargs: Any) -> None:
    """Delete at every partner what the API has kept for a day, answers and photos, and the log of webhooks after 30."""

    def forget(_tenant: Tenant) -> None:
        # A sandbox's clock lets neither end sooner.
        forget_old_answers(now=real_now())
        forget_deliveries(now=real_now())
        forget_attachments(now=now())

    in_each(tenants(), forget)


@shared_task(base=PlatformTask)
def tell_covered_places(**kwargs: Any) -> int:
    """Tell who waits for a package at a place that somebody comes now, at every partner; return how many."""
    told = []

    def tell(tenant: Tenant) -> None:
        told.append(tell_covered(tenant_id=tenant.pk, now=now()))

    in_each(partners().filter(state=TenantState.ACTIVE), tell)
    return sum(told)


@shared_task(base=PlatformTask)
def look_after_events(**kwargs: Any) -> int:
    """Remind guests of events and forget those whose time is over, at every partner; return how many were reminded."""
    reminded = []

    def remind(tenant: Tenant) -> None:
        reminded.append(look_after(tenant_id=tenant.pk, now=now()))

    in_each(partners().filter(state=TenantState.ACTIVE), remind)
    return sum(reminded)


@shared_task(base=PlatformTask)
def sweep_leavers(**kwargs: Any) -> int:
    """Let the partners be deleted whose day has come, and clear up after a worker that was killed while deleting."""
    sweep_set_aside()
    return request_due_deletions(now=now())


@shared_task(base=PlatformTask)
def forget_old_handovers(**kwargs: Any) -> int:
    """Delete hand-overs of yesterday and before."""
    return forget_handovers(now=now(), older_than=KEEP_HANDOVERS)


@shared_task(base=PlatformTask)
def forget_unconfirmed(**kwargs: Any) -> int:
    """Delete those who signed up as friends and never confirmed their address."""
    return forget_unconfirmed_friends(now=now(), older_than=KEEP_UNCONFIRMED)


@shared_task(base=PlatformTask)
def remind_pros(**kwargs: Any) -> int:
    """Remind the pros whose insurance runs out soon; once for each of the days and each insurance."""
    return remind_of_insurances(now=now())


@shared_task(base=PlatformTask)
def remind_operators_of_reviews(**kwargs: Any) -> int:
    """Remind the operators of reviews that are due soon."""
    return remind_of_reviews(now=now())


@shared_task(base=PlatformTask)
def forget_notices(**kwargs: Any) -> int:
    """Delete what has lain in the friends' inboxes for three months, and what sandboxes held back a month ago."""
    held_back = forget_held_back(now=real_now(), older_than=KEEP_HELD_BACK)
    return held_back + forget_old_notices(now=now(), older_than=KEEP_NOTICES)


@shared_task(base=PlatformTask)
def close_overdue_attempts(**kwargs: Any) -> int:
    """Close the online tests whose time is over."""
    return close_attempts(now=now())


@shared_task(base=PlatformTask)
def sweep_certificates(**kwargs: Any) -> int:
    """Remind of certificates that end soon, and end those that are over."""
    return sweep_all_certificates(now=now())


@shared_task(base=PlatformTask)
def look_after_cards(**kwargs: Any) -> int:
    """Look after the card payments that are due: by a webhook, by a refund, or because nothing was heard of them."""
    return sweep_card_payments(now=now())


@shared_task(base=PlatformTask)
def look_after_stripe_accounts(**kwargs: Any) -> int:
    """Look after the friends' accounts at Stripe that are due: by a webhook, or because nothing was heard of them."""
    return sweep_accounts(now=now())


@shared_task(base=PlatformTask)
def carry_out_payouts(**kwargs: Any) -> int:
    """Pay the friends: the runs of the pay day, what operators have asked for, and what was killed half way."""
    return carry_out_runs(now=now())


@shared_task(base=PlatformTask)
def bill_partners_monthly(**kwargs: Any) -> int:
    """Issue the invoices to partners over the month that is over, and remind of those that are overdue; each once."""
    moment = now()
    return bill_partners(now=moment) + remind_partners(now=moment)


@shared_task(base=PlatformTask)
def note_waiting_money(**kwargs: Any) -> None:
    """Write down whose money waits and why, for the desk: also where no run has come by."""
    note_all_waiting(now=now())


@shared_task(base=PlatformTask)
def collect_seller_data(**kwargs: Any) -> int:
    """Ask friends for their tax details, remind them, and keep payouts back where the law wants it."""
    return collect_data(now=now())


@shared_task(base=PlatformTask)
def reconcile(**kwargs: Any) -> int | None:
    """Compare the books with what Stripe, the banks and the payouts say, once a night."""
    return reconcile_tonight(now=now())


@shared_task(base=PlatformTask)
def carry_out_operations(**kwargs: Any) -> int:
    """Make, export or delete partners, as was asked for; runs where the owner's login is."""
    return carry_out(now=now())


@shared_task(base=TenantTask)
def simulate_rules(run_id: str, **kwargs: Any) -> None:
    """Play a month by two sets of a partner's rules."""
    carry_out_simulation(run_id)


@shared_task(base=PlatformTask)
def erase_what_is_over(**kwargs: Any) -> int:
    """Erase what is past the period for which the law wants it kept; return how much it was."""
    return erase_old_records(now=now())


@shared_task(base=PlatformTask)
def send_due_newsletters(**kwargs: Any) -> int:
    """Let the partners' newsletters be sent that are due; return of how many partners."""
    due = []

    def look(tenant: Tenant) -> None:
        if due_issues(now()):
            due.append(tenant.pk)

    in_each(partners().filter(state=TenantState.ACTIVE), look)
    for tenant_id in due:
        send_newsletters_of.delay(tenant_id)
    return len(due)


@shared_task(base=PlatformTask)
def send_newsletters_of(tenant_id: int, **kwargs: Any) -> None:
    """Send a partner's newsletters for some seconds, and come back where there is more; one worker at a time is enough.

    A partner that has been closed meanwhile sends nothing.
    """
    with alone(f"newsletters:{tenant_id}") as is_alone:
        if not is_alone:
            return
        tenant = tenant_by_id(tenant_id)
        wait = send_newsletters(tenant) if tenant.state == TenantState.ACTIVE else None
    # For what is later the scheduler comes again by itself.
    if wait is not None and wait < MINUTE:
        send_newsletters_of.apply_async([tenant_id], countdown=wait.total_seconds())
