"""Words about being a friend: joining, documents, certificates, decisions."""
