"""Use cases of the workbench."""
