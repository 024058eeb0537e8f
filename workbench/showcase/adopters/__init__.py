"""Who copied an example: how many, by name only as they wish, and what they tell the council that shared it."""
