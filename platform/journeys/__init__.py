"""Stories that cross apps, one file each. The apps below do not know each other; here they meet.

A journey is one transaction over public and the tenant's schema. What leaves the database is posted to the outbox
in that transaction. Locks are taken in one order: job, its friend, order.
"""
