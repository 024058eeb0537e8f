"""What people ask and say about a figure or a text of the plan, and what the figure showed when they did."""
