"""Events of a partner: when and where, how many seats, who comes, who waits, who was there. Tenant schema.

What an event says to readers is pages of the cms, one a language, whose common translation key is the event's id; what
rules it stands here, so that brand site, friends and the API ask the same: ``announce``, ``sign_up``, ``confirm``,
``leave``, ``check_in``, ``call_off``.
"""
