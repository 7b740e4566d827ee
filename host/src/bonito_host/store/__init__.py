"""What the host keeps between runs: connections with their credentials, and deployment plans."""
