"""The house style of a council: one brand colour and a logo."""
