"""What stands in for a payment provider is made of this: a server, a memory, and how it says no. No Django."""
