"""Customers' orders: answers, wished times, appointments, report, rating, log. Tenant schema.

Main verbs: start_draft, save_step, place_order, assign_friend, propose_appointment, accept_appointment,
report_work, confirm_work, rate_work. Every transition is logged with who, when and why.
"""
