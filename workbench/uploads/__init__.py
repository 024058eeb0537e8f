"""Own figures: what a municipality counts itself, from a file to a figure with history."""
