"""Readers and writers of other people's files, one subject a file."""
