"""What a workshop leaves behind: cards that go into a plan, a report, pictures of its boards; and what is forgotten."""
