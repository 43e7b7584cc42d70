"""What leaves the database, written in the transaction that causes it. Public schema.

Main verbs: post_all (write messages), relay (deliver what is due), take_up (the first of each lane),
try_again (after giving up). Messages hold ids,
never personal data; whoever delivers one looks the rest up in the tenant it names.
"""
