"""Events of a partner: announced and changed, who comes, what everybody is told. Run inside the tenant."""
