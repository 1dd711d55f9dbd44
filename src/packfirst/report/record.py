from packfirst.record import *  # noqa: F403
