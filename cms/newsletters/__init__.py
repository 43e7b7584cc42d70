"""A newsletter as it is written in Wagtail: its blocks, and how they become mails, text and a page of the archive."""
