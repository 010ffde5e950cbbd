"""What the gateway does beside answering: telling merchants, explaining signatures."""
