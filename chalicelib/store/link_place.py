"""Where a revision's link table lies in the bucket: under a prefix that anybody may read."""


def link_place(workspace: str, email_id: str, number: int) -> str:
    return f"links/{workspace}/{email_id}/{number}.json"
