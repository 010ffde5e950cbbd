"""What is known of a subject: append-only evidence, risk areas."""
