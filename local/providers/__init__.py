"""Stand-ins for SendGrid, Mailjet and Mandrill: each speaks its provider's wire on a loopback port. Never deployed."""
