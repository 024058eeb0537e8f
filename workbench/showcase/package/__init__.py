"""Templates as a file: out of this installation and into another one."""
