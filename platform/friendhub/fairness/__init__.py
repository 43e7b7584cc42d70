"""Why a friend was offered a job or not, and the rules that all are told."""
