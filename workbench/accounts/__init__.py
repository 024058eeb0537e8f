"""Councils, people, and who may do what where."""
