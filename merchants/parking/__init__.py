"""Parking and tolls by plate: a gate tells of a plate, its owner's agreement pays."""
