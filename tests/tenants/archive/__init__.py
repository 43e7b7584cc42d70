"""A partner goes into an archive and comes back out of it, whole or not at all."""
