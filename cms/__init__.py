"""Brand sites in Wagtail: home, imprint, privacy, in each of the partner's languages. Tenant schema."""
