"""Paying friends what the books owe them: accounts, runs, payouts, bank files. Public schema.

Main verbs: enter_account, start_run, order_some (the next part of a run), confirm_some, refuse_payout, hold_payouts.
Main reads: standings (what each is owed, and what keeps it from being paid), waiting and unconfirmed (the desk). A run
may be killed at any moment and goes on where it was; the database refuses to pay an entry of the books twice.
"""
