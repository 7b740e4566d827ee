"""Amazon Bedrock as a bonito provider."""
