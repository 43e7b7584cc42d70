"""Partners from birth to deletion: settings, hosts, support, what is being done to them."""
