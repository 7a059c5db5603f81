"""Each channel against its platform's documented limits."""
