"""Few figures in view at a time: the focus set of a plan, and what rests with a day to look again."""
