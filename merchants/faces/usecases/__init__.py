"""What is done with faces, none of which is ever kept."""
