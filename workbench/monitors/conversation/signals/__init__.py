"""What the figures themselves give cause to ask: a limit that is passed, a new period, a revised figure."""
