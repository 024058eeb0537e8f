"""The script of a workshop: its facts, its parts in order, what goes on paper, and how people hear of it."""
