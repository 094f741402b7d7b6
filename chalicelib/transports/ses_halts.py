"""Why SES takes nothing until a person acts: the reasons that a paused broadcast shows, each with its mend."""

from __future__ import annotations

DAY_EXCEEDED = "SES's quota of the day is used up. Resume tomorrow, or ask AWS for a higher quota."
SENDING_PAUSED = "Sending is paused for this SES account. Enable it in the SES console, then resume."
SET_PAUSED = "Sending is paused for the SES configuration set. Enable it in the SES console, then resume."
ACCOUNT_SUSPENDED = "AWS has suspended this SES account. Answer AWS's case in the support centre, then resume."
FROM_NOT_VERIFIED = "SES has not verified the From address or its domain. Verify it in the SES console, then resume."
CONFIGURATION_SET_MISSING = (
    "SES does not know the configuration set. Deploy the stack or mend the setting, then resume."
)
LIMIT_EXCEEDED = "SES says that a limit of the account is exceeded. Look at the SES console, then resume."
NO_PERMISSION = "AWS refuses our credentials or their permission to send. Mend the policy, then resume."
