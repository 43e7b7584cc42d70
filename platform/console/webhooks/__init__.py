"""Endpoints of the partner's own systems: added and removed by managers, with the log of what was sent."""
