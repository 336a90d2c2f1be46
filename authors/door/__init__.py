"""The desk's door: signing in, the second factor, sessions.

allauth and axes do the work; who may come in, and when, is ours.
"""
