"""What every part of the API shares: who asks, what they may, pages of results, and problems."""
