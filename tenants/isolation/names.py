"""The names that PostgreSQL knows a partner by. No models here: the database engine imports this."""

from django.conf import settings

# The two logins: one owns the database, the other one serves.
OWNER = "owner"
APP = "app"
# The template schema, from whose recording every new tenant is made. The name occurs nowhere in its data.
TEMPLATE_SCHEMA = "zz_template_9f3c"
# PostgreSQL cuts longer names; a role's name holds the schema's.
LONGEST_NAME = 63


def schema_name_for(slug: str) -> str:
    """Return the schema name of a slug; the prefix keeps partners away from PostgreSQL's and our own names."""
    return "t_" + slug.replace("-", "_")


def role_for(schema_name: str) -> str:
    """Return the role of a schema. Roles belong to the whole server, so the installation's prefix stands before it."""
    return f"{settings.TENANT_ROLE_PREFIX}__{schema_name}"
