"""The pages of approvals: the inbox, one request, asking for a change, and arranging processes."""
