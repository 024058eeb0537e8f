"""From story to insight: what stories say about a goal, what the group concludes from them, and what it finds most telling."""
