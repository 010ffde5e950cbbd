"""What shopper, staff, gate and clock do about a trip through a store."""
