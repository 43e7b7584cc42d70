"""Ratings in the managers' admin: the list, and for each order one page with both ratings, reports and the case."""
