"""Replays a month of demand over a crowd by given rules, in memory, to compare rules before switching (R17).

Who is eligible, who gets a seat and when a wave opens and ends is decided by the code that decides in earnest:
``crowd.eligibility``, ``dispatch.offering.seats`` and ``dispatch.terms``. Only people are made up:
``behaviour``. Everything but ``sources`` is pure, and the same seed gives the same month.
"""
