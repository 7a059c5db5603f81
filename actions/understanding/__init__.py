"""What one message means: dates, amounts, places, and the reading in the light of the question."""
