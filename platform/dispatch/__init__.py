"""Jobs, the crowd's side of orders: waves of four offers, first accept wins, overflow, deadlines. Public schema.

Main verbs: open_job, open_next_wave, accept_offer, decline_offer, close_job. A job knows no name, street, phone
or mail of the customer; the tenant's order does.
"""
