"""The small interfaces that the work needs. `store/`, `transports/` and the tests' fakes fill them.

Every store is bound to one workspace when it is built; its keys all begin with it. A write that says
"conditional" returns whether it won, and a write whose answer was lost reads back before it says no.
Lists come as (items, next cursor or None).
"""
