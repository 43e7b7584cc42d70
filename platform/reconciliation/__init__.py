"""What providers, banks and payouts say of the platform's money against what its books say. Public schema.

Main verbs: keep_movements (what a provider has moved, once), note_differences (open what is new, close what is gone),
set_aside. Main reads: differences. The comparison itself crosses apps: ``journeys/money/comparing/reconcile.py``.
"""
