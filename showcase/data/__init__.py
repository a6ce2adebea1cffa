"""Countries, their outlines and the map of the world."""
