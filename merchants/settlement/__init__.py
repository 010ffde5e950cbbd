"""Settlement: each merchant's business day, closed at its cut-off, netted and paid out."""
