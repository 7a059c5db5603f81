"""The interview: what a turn changes and what it says, as pure functions over states."""
