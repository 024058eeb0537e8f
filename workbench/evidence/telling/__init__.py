"""Stories beside figures: which talks or answers show how a goal is felt, and why these."""
