"""The three lines at the head of a goal: what figures say, what stories say, where they differ. The group writes them.

The lines are kept under the goal (workbench.evidence.insight); they are written here, where the figures have sentences.
"""
