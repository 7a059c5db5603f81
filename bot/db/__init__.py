"""PostgreSQL: the tables, their migrations, and the connections to them."""
