"""Online tests and the certificates that they lead to."""
