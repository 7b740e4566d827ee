"""What `mkdocs build` makes besides the pages that somebody wrote."""
