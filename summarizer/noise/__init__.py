"""How loud an incident is, at a time and over time."""
