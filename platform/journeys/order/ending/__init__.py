"""An order ends before the work is done."""
