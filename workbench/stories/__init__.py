"""Where stories come from: which talks or answers, from whom, collected by whom and when. No story is kept here."""
