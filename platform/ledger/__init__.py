"""The books: double entry, append only, in integer minor units. Public schema.

Main verbs: post (write what events.py makes of a business event), reverse, close_period. Main reads: balance_of,
trial_balance, statement. The database itself refuses what does not balance, what changes what is written, and what
comes into closed books; docs/money/books.md says what each event books.
"""
