"""24 hours and weeks from Monday; the rest is Django's."""

TIME_FORMAT = "H:i"
FIRST_DAY_OF_WEEK = 1
