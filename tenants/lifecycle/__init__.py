"""A partner is made, renamed, exported, imported, suspended and deleted. Needs the owner's login."""
