"""What a council should know before it chooses: laws, moments of the year, instruments and choices. And its calendar."""
