"""Newsletters of a partner: who wants them, with proof, and each mail of each issue. Tenant schema.

Main verbs: sign_up, confirm, unsubscribe; prepare_issue, schedule_issue, queue_mails, claim_mail. The words of an issue
are written in Wagtail (cms.newsletters) and kept here as they go out; ``journeys.partner.newsletters`` sends them.
"""
