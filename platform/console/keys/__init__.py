"""Keys to the partner API: made, replaced and ended by managers who may change the settings."""
