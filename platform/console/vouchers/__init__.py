"""Vouchers: campaigns with their codes."""
