"""What is said to whom, and how it reaches them: mail, push, and the inbox of the friends' app. Public schema.

Main verbs: send_mail, send_push, keep_notice, subscribe, keep_preference. Which occasion says what, and on which
channels a friend hears of it, is decided in ``notices.handlers``; the outbox keeps what is unsent.
"""
