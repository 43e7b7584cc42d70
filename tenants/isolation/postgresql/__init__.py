"""The database engine: django-tenants' with a PostgreSQL role for each schema."""
