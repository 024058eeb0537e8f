"""Reading stories together: marking passages, giving them tags, comparing two readings, and settling on one."""
