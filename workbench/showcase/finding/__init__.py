"""Finding in the showcase: searching, looking with the figures of one's own municipality, two templates side by side."""
