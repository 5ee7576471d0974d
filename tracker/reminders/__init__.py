"""Who is due what, the outbox, the scheduler."""
