"""Learning workshops (leerateliers): a script, three screens while it runs, and results that write the plan."""
