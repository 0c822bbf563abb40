"""Pages of the course."""
