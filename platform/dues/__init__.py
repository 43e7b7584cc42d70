"""The monthly invoices to partners over what they pay for their customers. Public schema.

Main verbs: issue (once for a month and currency), count_payment (what has come in for one), keep_drawing (its PDF).
Main reads: due_entries (what no invoice has yet), partner_invoices. The story is ``journeys/money/bill_partner.py``.
"""
