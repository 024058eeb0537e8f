"""Circles: who may read what a council shares, and from when until when."""
