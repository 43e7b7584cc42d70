"""Brand sites in Wagtail: home, catalogue entrance, imprint, privacy, in each of the partner's languages. Tenant schema."""
