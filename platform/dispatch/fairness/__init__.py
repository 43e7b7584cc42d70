"""Why a friend was asked or not, and why there was no job."""
