"""Bringing the schemas of all partners to the migrations that the code has, by the thousand (``manage.py migrate``).

Main verbs: ``groups_by_applied`` (one query says who has what), ``plan_for`` (once for each group),
``migrate_tenants`` (replay, or migrate one by one, and tell the outcome of each). Needs the owner's login.
"""
