"""A grocery that sells by scan and go: its back office and its gate."""
