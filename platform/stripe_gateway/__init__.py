"""Payments by card: the only place that talks to Stripe and SumUp. Public schema.

Main verbs: begin_payment and begin_at_sumup (write the act with its idempotency key, before any call), look (ask the
provider what is true, open or close the hosted page), ask_refund and make_refunds, receive_event (the inbox of
webhooks). ``providers`` is the seam between both. Nothing of a card is here.
"""
