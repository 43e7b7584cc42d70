"""The monthly invoices to partners over what they pay for their customers. Public schema.

Main verbs: issue (once for a month and currency), count_payment (what has come in for one), note_reminder, keep_drawing
(its PDF). Main reads: due_entries (what no invoice has yet), overdue, partner_invoices. The stories are
``journeys/money/incoming/bill_partner.py`` and ``remind_partner.py``.
"""
