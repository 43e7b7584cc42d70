"""The staff's door: sign-in, second factor, passkeys, password, invitation. Partner staff on their host, operators on
the platform's. No models; django-allauth keeps what it needs in both kinds of schema, this app holds pages and words.
"""
