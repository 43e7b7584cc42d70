"""Benchmarks: ``make bench``, or ``make bench BENCH=page``. Each is a function that yields figures."""
