"""What a group wants to know about a goal, what it asks for because nobody has it, and what it passed over."""
