"""An order's way: booked, asked, accepted, agreed, done, rated, and what does not go as planned."""
