"""What a friend has earned, what of it is paid, and what each job brought."""
