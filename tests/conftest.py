"""Settings for all tests."""

from hypothesis import settings

# The same examples on every machine and in every run: a failure here is a failure for everybody.
settings.register_profile(
    "packfirst", derandomize=True, deadline=None, database=None, max_examples=30, print_blob=False
)
settings.load_profile("packfirst")
