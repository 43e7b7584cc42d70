"""Tests of storefront."""
