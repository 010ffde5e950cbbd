"""What is done with speakers and what was spoken to them."""
