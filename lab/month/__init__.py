"""A month of three shops in three zones, played by the product and proved to the fen."""
