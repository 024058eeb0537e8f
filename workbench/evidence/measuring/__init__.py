"""How a chosen figure is measured under its goal: where it starts, what the council aims at, and which way is better."""
