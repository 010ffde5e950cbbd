"""Bank transfers of settled batches."""
