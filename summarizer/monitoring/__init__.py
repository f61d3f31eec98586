"""What later sources do to a draft: retractions, conflicts, due forecasts, attention."""
