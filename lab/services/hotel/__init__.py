"""A hotel's desk: deposit, charges to the room, check-out."""
