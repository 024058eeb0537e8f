"""The values-first step plan: values, goals, and what stands around them."""
