"""Every page of the console, by the name that its picture has. Ids are named: see `ConsoleTown.place`."""

PAGES: dict[str, str] = {
    "overview": "/console",
    "emails": "/console/emails",
    "emails-none": "/console/emails?words=zzz",
    "email": "/console/emails/{newsletter}",
    "email-heat": "/console/emails/{newsletter}?heat=1",
    "email-not-sent": "/console/emails/{notice}",
    "broadcast-choose": "/console/emails/{notice}/broadcast",
    "broadcast": "/console/broadcasts/{broadcast}",
    "recipients": "/console/broadcasts/{broadcast}/recipients",
    "broadcasts": "/console/broadcasts",
    "first-whom": "/console/first",
    "first-what": "/console/first/{readers}",
    "contacts": "/console/contacts",
    "contacts-none": "/console/contacts?search=zzz",
    "contact": "/console/contacts/{contact}",
    "contact-new": "/console/contacts/new",
    "members": "/console/members",
    "keys": "/console/keys",
    "audit": "/console/audit",
    "not-there": "/console/nothing",
}
