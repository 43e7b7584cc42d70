"""Money that has come in on the bank accounts, as the banks' files say. Public schema.

Main reads: read_statements (of a file), on_desk, payments. Main verbs: keep_payment (once, however often its file is
read), settle, set_aside. What a payment is for is found by journeys/money/bank_files.py.
"""
