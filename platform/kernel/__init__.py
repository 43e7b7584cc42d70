"""What every floor may use: money, geography, localised texts, errors. No models, no queries."""
