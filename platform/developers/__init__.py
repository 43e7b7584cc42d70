"""What a partner's developers connect by: keys with their log, answers that are given once, endpoints. Tenant schema.

Main verbs: make_key, rotate_key, end_key, note_use, answer_once, add_endpoint, send_test_event. Main read:
key_of_token. Only ``client`` calls endpoints, and ``calling`` many of them at once.
"""
