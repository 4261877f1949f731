"""Lists: what an address asks for, the rows that answer it, and the page around them."""
