"""Reading of incidents: lists, search, pages, entities."""
