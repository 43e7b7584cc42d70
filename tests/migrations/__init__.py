"""The linter of migrations: what is unsafe on a live system is refused."""
