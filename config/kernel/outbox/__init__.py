"""Effects leave through a table written in the business transaction."""
