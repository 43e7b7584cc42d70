"""Payments by card: the only place that talks to Stripe. Public schema.

Main verbs: begin_payment (write the act with its idempotency key, before any call), look (ask Stripe what is true,
open or close the hosted page), ask_refund and make_refunds, receive_event (the inbox of webhooks). Nothing of a card is
here.
"""
