"""Tests of crowd."""
