"""From many values to a few: the library, the frames to look through, merging, and the decision."""
