"""The calendar of a council: its own dates for the moments of the year, as pages and for calendar programs."""
