"""Documents of those who want to become friends of this community."""
