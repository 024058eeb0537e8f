"""From a file with a talk in it to plain text with its speakers. Pure: no database, no web; nothing is kept here.

`reading.read` is the door. Each kind of file has its own module; `normal` gives every text the same form, and `turns`
tells who speaks where. Nothing of a file is executed, rendered or fetched, and what an author took out, hid or wrote in
the margin is left out.
"""
