"""What is true by law or custom: plain functions on dates, enums and small records."""
