"""The queue on PostgreSQL, by Procrastinate."""
