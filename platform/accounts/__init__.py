"""People who sign in. One table in each schema: staff in their tenant's, friends and operators in public.

Main verbs: create_user, sign_in.
"""
