"""Payouts: money that waits and why, runs with their bank files, payouts, and holds."""
