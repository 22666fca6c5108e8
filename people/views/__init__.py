"""Pages of accounts, of what people ask about their records, and of those who answer."""
