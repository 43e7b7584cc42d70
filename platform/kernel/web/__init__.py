"""What every interface shares: answers, limits, caches, forms, the style sheet."""
