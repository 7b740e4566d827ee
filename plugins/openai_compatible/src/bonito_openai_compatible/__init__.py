"""Any endpoint that speaks the OpenAI API, as a bonito provider."""
