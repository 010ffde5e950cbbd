"""How many people were in an area in an hour, so that nobody can be picked out."""
