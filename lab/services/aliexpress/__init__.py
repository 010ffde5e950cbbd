"""A shop abroad whose buyers pay in yuan."""
