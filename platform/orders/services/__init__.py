"""Writes about orders, by what they are about. Each locks the order, moves it and tells its log."""
