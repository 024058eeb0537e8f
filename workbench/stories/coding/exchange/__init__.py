"""Coded stories in and out: REFI-QDA (QDPX, QDC), as other programs for qualitative analysis read it, and CSV."""
