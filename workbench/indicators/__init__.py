"""The catalogue: indicators, areas, periods and what was observed."""
