"""What the exercise, history and comparison pages show, worked out from the stored results."""
