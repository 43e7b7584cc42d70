"""The demo: three marked partners, the direct brand, two thousand friends, and the journey that plays it all."""
