"""The pages, their API, and what keeps strangers out of both."""
