"""One module for each resource; `app` puts them together."""
