"""With which municipalities a council compares itself, why, and since when."""
