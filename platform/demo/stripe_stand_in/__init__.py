"""A server that answers like Stripe, for the demo and the tests: a process of its own that the product never imports.

``python -m demo.stripe_stand_in --port 4242`` serves the API, the hosted payment page and, below ``/_control/``, what
tests do to it. Every request is checked against the typed parameters of stripe-python, so an upgrade of the library
moves the contract by itself. It knows nothing of the house: no import leads out of this package but to ``stripe``.
"""
