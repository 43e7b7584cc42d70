"""What a partner's managers see in the Wagtail admin: orders, packages."""
