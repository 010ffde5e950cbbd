DROP FUNCTION health_pass_state(text, timestamptz);
