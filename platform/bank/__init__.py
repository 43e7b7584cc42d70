"""Money that has come in on the bank accounts, as the banks' files say, and the invoices that wait for it. Public.

Main reads: read_statements (of a file), on_desk, payments. Main verbs: keep_payment (once, however often its file is
read), settle; open_claim, note_reminder, write_off. What a payment is for is found by
journeys/money/incoming/bank_files.py.
"""
