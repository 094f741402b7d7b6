"""Every page of the console, by the name that its picture has. Ids are named: see `ConsoleTown.place`."""

PAGES: dict[str, str] = {
    "overview": "/console",
    "members": "/console/members",
    "keys": "/console/keys",
    "audit": "/console/audit",
    "not-there": "/console/nothing",
}
