"""The partner API: a partner's own systems place orders and follow them, below /api/v1/ on each partner's host.

No rule lives here. A view reads what was sent, makes one call of a journey or a selector, and says the result; what a
rule refuses is answered with the rule's own code as problem details. Keys are rows of ``developers``.
"""
