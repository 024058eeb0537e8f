"""PostgreSQL and Valkey from wheels, and the supervisor behind the one-command demo.

Nothing here outlives the process that started it. Three rules give that, also after kill -9:

- every child asks the kernel for a signal at its parent's death (Linux; `process.spawn`), and the `undertaker` kills
  the children of the parts;
- every server holds a lock on its data for as long as one of its processes lives (`process.claimed`),
  so a new start waits for a dying predecessor and never shares data with it;
- what is on disk is always a state the server recovers from by itself.
"""
