"""What can be done with vehicles and their stays."""
