"""One module a format: a file becomes its text and what is known of it."""
