"""Google Cloud Vertex AI as a bonito provider."""
