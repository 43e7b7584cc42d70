"""What is said to whom: one mail from brand, words and language. No tables yet; the outbox keeps what is unsent.

Main verb: send_mail. Which occasion says what is decided in ``journeys.notices``.
"""
