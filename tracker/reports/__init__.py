"""What people read: counts, lists, front pages. Nothing here changes a row."""
