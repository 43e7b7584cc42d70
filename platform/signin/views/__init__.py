"""Views of the staff's door: the entrance, the password, and the page of sign-in and security."""
