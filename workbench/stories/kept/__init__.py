"""Stories themselves: sealed when they come in, readable once they are safe, gone when the narrator withdraws."""
