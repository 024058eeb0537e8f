"""An example that was renewed: what changed there and here, and what the group does with each part of it."""
