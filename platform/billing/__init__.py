"""How a partner's customers pay, what they get about it, and what the platform keeps. Tenant schema.

Main reads: quote, available_methods, bills_of. Main verbs: secure_payment, settle_on_site, keep_bills, keep_drawing.
"""
