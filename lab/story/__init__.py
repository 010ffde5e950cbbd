"""One payment, one story: everything that belongs to a payment, by its number."""
