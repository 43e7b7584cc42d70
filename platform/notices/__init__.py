"""What is said to whom: the words of mails, pushes and inbox, filed by story. Nothing is stored here.

A journey posts a topic and ids to the outbox; ``handlers`` knows who makes words of them, ``channels`` and
``brands`` how they go out and in whose name, and ``tasks`` delivers what is due.
"""
