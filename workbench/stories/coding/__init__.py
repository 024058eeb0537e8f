"""Coding of stories: which passages say what, according to whom."""
