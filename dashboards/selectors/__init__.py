"""Every read of a teacher's pages."""
