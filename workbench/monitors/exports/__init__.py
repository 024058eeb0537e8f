"""A monitor to take along: as PDF, Word file, tables, pictures and one page. The request freezes it, a job writes it."""
