"""Reference cases, ours and a user's, run through the models that exist."""
