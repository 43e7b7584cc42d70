"""The friend's own jobs, from contact to report, rating and what does not go as planned."""
