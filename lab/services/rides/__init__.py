"""A robotaxi company: estimate, hold, capture."""
