"""Reports to the tax office, who has not said what they need, and the books as accountants' programs read them."""
