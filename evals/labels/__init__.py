"""Labels of people: how they are written, sheets to give them on, and what editors leave behind."""
