"""Tests of friendhub."""
