"""The rules: which class a traveller falls under by their campaign's notice, and where to go."""
