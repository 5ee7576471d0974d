"""What is written in e-mails, and their delivery over SMTP."""
