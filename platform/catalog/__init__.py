"""Packages of fixed price with their intake questions. Tenant schema.

Main reads: open_packages, package_for_booking. Managers write through the Wagtail admin.
"""
