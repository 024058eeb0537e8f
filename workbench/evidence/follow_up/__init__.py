"""What a goal asks for, once it stands: what is needed (step 5), what it costs (7), when the council steers (8)."""
