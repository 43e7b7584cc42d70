"""Friends: who they are, what they can do, where, when, and in whose communities. Public schema.

Main verbs: join_crowd, join_community, move_friend, take_slot, free_slot.
Main read: nearest_candidates.
"""
