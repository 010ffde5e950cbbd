"""What the platform stands to lose with a merchant: what covers a refund, and what is owed."""
