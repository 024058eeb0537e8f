"""Leading a workshop: the screen of the facilitator, the screen on the wall, and what happens to each activity."""
