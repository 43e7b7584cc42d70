"""A partner's community: the friends who have entered it, as members with a local user. Tenant schema.

Main verbs: admit_member, end_membership. Who may enter says ``crowd.models.Membership``; the way in is a hand-over.
"""
