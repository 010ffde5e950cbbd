"""Who may: operators' ways in, and what changes their power."""
