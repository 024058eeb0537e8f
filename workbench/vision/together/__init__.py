"""Rounds about the values of a plan: started from its pages, and brought back to its cards."""
