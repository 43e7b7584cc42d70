"""The names of groups that more than one app looks up."""

MANAGERS = "Community managers"
