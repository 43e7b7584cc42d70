"""Tests of what tax offices and accountants are told."""
