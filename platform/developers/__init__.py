"""What a partner's developers connect by: keys with their log, and the answers that are given once. Tenant schema.

Main verbs: make_key, rotate_key, end_key, note_use, answer_once. Main read: key_of_token.
"""
