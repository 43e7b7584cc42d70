"""What friends see on the platform host: offers, jobs, sign-in; and the start page."""
