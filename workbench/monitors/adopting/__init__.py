"""Adopting a monitor: a document that stays as the council adopted it, its amendments, its archive and its trace."""
