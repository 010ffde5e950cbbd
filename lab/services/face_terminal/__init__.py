"""A till with a camera: it signs what it saw, and knows nothing else."""
