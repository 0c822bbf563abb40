"""System checks of the app; what the wall lacks is told by `wall_stands`."""
