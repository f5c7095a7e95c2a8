"""The isolation strategies, and what a server must offer them."""
