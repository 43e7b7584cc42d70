"""The customer pays, online or on site, gives a tip, and gets the papers."""
