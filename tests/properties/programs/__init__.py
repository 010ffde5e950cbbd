"""Random programs of all primitives together, held against a model."""
