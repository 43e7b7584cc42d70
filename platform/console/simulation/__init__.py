"""Managers try other rules of dispatch on a month of orders and see both side by side."""
