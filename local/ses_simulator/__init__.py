"""A stand-in for Amazon SES on this machine: the same wire, quotas that throttle, events, an inbox, faults."""
