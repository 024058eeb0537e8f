"""Where areas lie: the outlines that maps are drawn with, kept per level and year."""
