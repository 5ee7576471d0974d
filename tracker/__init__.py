"""Đôn Đốc: plans become assignments with owners and deadlines, reminders, progress and a verdict.

Importing this package loads neither Flask nor SQLAlchemy, so that the rules and the
reading of plans can be used, and tested, alone.
"""
