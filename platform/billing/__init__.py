"""How a partner's customers pay, and what the platform keeps. Tenant schema.

Main reads: quote, available_methods. Main verbs: secure_payment, settle_on_site.
"""
